import { forkChannel } from '../lib/child-host-fork.ts';
import type { OpenHostChannel } from '../lib/child-host-channel.ts';
import type { SpeechHostPart, SpeechHostRequest } from '../providers/sherpa/speech-host-protocol.ts';

/** Starts `main` of this folder as a child process, from source or from what was built, as we run ourselves. */
export function openSpeechHost(): OpenHostChannel<SpeechHostRequest, SpeechHostPart> {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url);
  return forkChannel({ entry, env: { UV_THREADPOOL_SIZE: '4' } });
}
