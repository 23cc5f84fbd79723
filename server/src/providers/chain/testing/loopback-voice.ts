import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ProviderError } from '../../spec/provider.ts';
import { createProviderScope } from '../../spec/provider-scope.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech } from '../../spec/tts.ts';
import type { SimulatedVoice } from './simulated-voice.ts';

/** A voice behind a real socket on this machine. */
export interface LoopbackVoice {
  readonly voice: TextToSpeech;
  close(): Promise<void>;
}

/**
 * Serves `simulated` over HTTP, a line of JSON for each chunk. What fails there is a status, a cut connection, or silence on an
 * open one.
 */
export async function openLoopbackVoice(simulated: SimulatedVoice): Promise<LoopbackVoice> {
  const server = createServer((request, response) => void serve(simulated, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    voice: voiceAt(`http://127.0.0.1:${port}/`, simulated),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  simulated: SimulatedVoice,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const asked = JSON.parse(Buffer.concat(parts).toString()) as SpeechRequest;
    for await (const chunk of simulated.synthesize(asked, gone.signal)) {
      const line = chunk.type === 'audio' ? { ...chunk, samples: [...chunk.samples] } : chunk;
      response.write(`${JSON.stringify(line)}\n`);
    }
    response.end();
  } catch (error) {
    if (response.headersSent || !(error instanceof ProviderError)) response.destroy();
    else response.writeHead(error.kind === 'rate_limited' ? 429 : 500).end();
  }
}

function voiceAt(url: string, { info, revision }: SimulatedVoice): TextToSpeech {
  const scope = createProviderScope(info.id);
  return {
    kind: 'tts',
    info,
    revision,
    availability: () => ({ available: true }),
    voices: () => [{ id: 'only', name: 'Only', languages: [] }],
    async *synthesize(request, signal) {
      const call = scope.enter(signal);
      try {
        const response = await fetch(url, {
          method: 'POST',
          body: JSON.stringify(request),
          signal: call.signal,
        });
        if (response.status === 429) {
          throw new ProviderError('rate_limited', info.id, 'too many', { retryAfterMs: 200 });
        }
        if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
        yield* chunksOf(response.body.pipeThrough(new TextDecoderStream()));
      } catch (error) {
        throw call.errorFor(error);
      } finally {
        call.leave();
      }
    },
  };
}

async function* chunksOf(text: AsyncIterable<string>): AsyncGenerator<SpeechChunk, void, void> {
  let rest = '';
  for await (const piece of text) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const chunk = JSON.parse(line) as SpeechChunk;
      yield chunk.type === 'audio' ? { ...chunk, samples: Int16Array.from(chunk.samples) } : chunk;
    }
  }
}
