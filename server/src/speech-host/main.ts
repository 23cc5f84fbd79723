/** Entry of the child process that runs native models. Talks over IPC; its standard output means nothing. */
import { HostError, type FromChild, type ToChild } from '../lib/child-host-channel.ts';
import type { SpeechHostPart, SpeechHostRequest } from '../providers/sherpa/speech-host-protocol.ts';
import { createModelCache } from './model-cache.ts';
import { loadRecognizer } from './offline-recognizer.ts';

const recognizers = createModelCache(loadRecognizer);

async function* perform(request: SpeechHostRequest): AsyncGenerator<SpeechHostPart, void, void> {
  switch (request.operation) {
    case 'load':
      await recognizers(request.model);
      yield { type: 'loaded', residentBytes: process.memoryUsage.rss() };
      return;
    case 'transcribe': {
      const recognizer = await recognizers(request.model);
      yield { type: 'transcription', ...(await recognizer.transcribe(request.samples, request.sampleRate)) };
      return;
    }
    default:
      throw new HostError(
        'invalid_input',
        `The operation "${String((request as { operation: unknown }).operation)}" is not known.`,
      );
  }
}

const cancelled = new Set<number>();

async function answer(id: number, request: SpeechHostRequest): Promise<void> {
  try {
    for await (const part of perform(request)) {
      if (cancelled.has(id)) break;
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

const running = new Set<number>();

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
