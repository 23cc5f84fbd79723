/** Entry of the child process that runs native models. Talks over IPC; its standard output means nothing. */
import { HostError, type FromChild, type ToChild } from '../lib/child-host-channel.ts';
import type { SpeechHostPart, SpeechHostRequest } from '../providers/sherpa/speech-host-protocol.ts';
import { perform } from './perform.ts';

const cancelled = new Set<number>();
const running = new Set<number>();

async function answer(id: number, request: SpeechHostRequest): Promise<void> {
  const isCancelled = () => cancelled.has(id);
  try {
    for await (const part of perform(request, isCancelled)) {
      if (isCancelled()) break;
      send({ type: 'part', id, part });
    }
    send({ type: 'end', id });
  } catch (error) {
    const kind = error instanceof HostError ? error.kind : 'failed';
    send({ type: 'error', id, kind, message: error instanceof Error ? error.message : String(error) });
  } finally {
    cancelled.delete(id);
    running.delete(id);
  }
}

function send(message: FromChild<SpeechHostPart>): void {
  process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message: ToChild<SpeechHostRequest>) => {
  if (message.type === 'cancel') {
    if (running.has(message.id)) cancelled.add(message.id);
    return;
  }
  running.add(message.id);
  void answer(message.id, message.request);
});
// Without its server the host has nothing to do.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the server decides when its host ends.
process.on('SIGINT', () => {});

send({ type: 'ready' });
