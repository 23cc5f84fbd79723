import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { forkChannel } from '../../server/src/lib/child-host-fork.ts';
import { createChildHost, type ChildHost } from '../../server/src/lib/child-host.ts';
import type {
  SpeechHostPart,
  SpeechHostRequest,
} from '../../server/src/providers/sherpa/speech-host-protocol.ts';
import { root } from './processes.ts';

/** The speech host as it was built: run from source it would start later and take more memory. */
export function builtSpeechHost(): ChildHost<SpeechHostRequest, SpeechHostPart> {
  return createChildHost<SpeechHostRequest, SpeechHostPart>({
    name: 'speech-host',
    open: forkChannel({
      entry: pathToFileURL(path.join(root, 'server/dist/speech-host/main.js')),
      env: { UV_THREADPOOL_SIZE: '4' },
    }),
    maxRunning: 2,
    maxWaiting: 128,
    waitLimitMs: 60_000,
  });
}
