import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createChildHost, type ChildHost } from '../../../lib/child-host.ts';
import { openSpeechHost } from '../../../speech-host/open-speech-host.ts';
import type { SpeechHostPart, SpeechHostRequest } from '../speech-host-protocol.ts';

export type SpeechHost = ChildHost<SpeechHostRequest, SpeechHostPart>;

/** The real speech host, with patience for a busy machine; to be closed by whoever opened it. */
export function newSpeechHost(): SpeechHost {
  return createChildHost<SpeechHostRequest, SpeechHostPart>({
    name: 'speech-host',
    open: openSpeechHost(),
    maxRunning: 2,
    startLimitMs: 60_000,
    waitLimitMs: 60_000,
  });
}

/** `host` with a list of what was asked of it. */
export function listening(host: SpeechHost): {
  readonly host: SpeechHost;
  readonly asked: SpeechHostRequest[];
} {
  const asked: SpeechHostRequest[] = [];
  return {
    asked,
    host: {
      ...host,
      stream(request, call, signal) {
        asked.push(request);
        return host.stream(request, call, signal);
      },
      call(request, call, signal) {
        asked.push(request);
        return host.call(request, call, signal);
      },
    },
  };
}

/** An empty folder for models. */
export async function modelFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'models-'));
  return { path, remove: () => rm(path, { recursive: true }) };
}
