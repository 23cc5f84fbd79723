/** Entry of the child process that tells speech from everything else. Talks over IPC; its standard output means nothing. */
import { HostError, type FromChild, type ToChild } from '../lib/child-host-channel.ts';
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

async function answer(id: number, request: VadHostRequest): Promise<void> {
  try {
    send({ type: 'part', id, part: await perform(request) });
    send({ type: 'end', id });
  } catch (error) {
    const kind = error instanceof HostError ? error.kind : 'failed';
    send({ type: 'error', id, kind, message: error instanceof Error ? error.message : String(error) });
  }
}

function send(message: FromChild<VadHostPart>): void {
  process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message: ToChild<VadHostRequest>) => {
  // A batch takes milliseconds; there is nothing to call off.
  if (message.type === 'request') void answer(message.id, message.request);
});
// Without its server the host has nothing to do.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the server decides when its host ends.
process.on('SIGINT', () => {});

send({ type: 'ready' });
