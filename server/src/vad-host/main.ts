/** Entry of the child process that tells speech from everything else. Talks over IPC; its standard output means nothing. */
import { answerServer } from '../lib/answer-server.ts';
import { HostError } from '../lib/child-host-channel.ts';
import type { VadHostPart, VadHostRequest } from '../providers/silero/vad-host-protocol.ts';
import { loadSilero } from './load-silero.ts';
import type { Silero } from './silero.ts';

let silero: Silero | undefined;

async function perform(request: VadHostRequest): Promise<VadHostPart> {
  if (request.operation === 'load') {
    silero = await loadSilero(request.model);
    return { type: 'loaded' };
  }
  if (silero === undefined) throw new HostError('failed', 'No model is loaded.');
  return { type: 'judged', probabilities: await silero.judge(request) };
}

answerServer(perform);
