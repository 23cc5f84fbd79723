import { fileURLToPath } from 'node:url';

import type { OpenHostChannel } from '../../lib/child-host-channel.ts';
import { frameChannel } from '../../lib/child-host-frames.ts';
import { SMALL_NODE } from '../../lib/child-host-process.ts';
import { decodeEspeak, encodeEspeak, type EspeakPart, type EspeakRequest } from './espeak-protocol.ts';

/** The program in its own workspace; the same distance from `src` and from `dist`. */
export const ESPEAK_PROGRAM = fileURLToPath(new URL('../../../../espeak-host/src/main.mjs', import.meta.url));

/** Languages whose dictionaries the program keeps in memory. */
export const ESPEAK_LANGUAGES = ['ko', 'en'];

/** Starts the espeak host, a GPL program of its own that we reach through its standard input and output only. */
export function openEspeakHost(program: string = ESPEAK_PROGRAM): OpenHostChannel<EspeakRequest, EspeakPart> {
  return frameChannel({
    command: process.execPath,
    args: [...SMALL_NODE, program, ESPEAK_LANGUAGES.join(',')],
    encode: encodeEspeak,
    decode: decodeEspeak,
  });
}
