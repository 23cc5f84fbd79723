import { afterEach, beforeEach, expect, it } from 'vitest';

import {
  json,
  problem,
  startScriptedServer,
  type ScriptedServer,
  type Step,
} from '../test/scripted-server.ts';
import { SpeechClient } from './index.ts';

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server.close());

function spoken(headers: Readonly<Record<string, string>>): Step {
  return (reply) => {
    reply.writeHead(200, { 'content-type': 'audio/pcm', ...headers }).end('sound');
  };
}

it('tells who speaks, who was passed over and why', async () => {
  const client = new SpeechClient({ baseUrl: server.baseUrl });
  server.script(
    spoken({
      'x-malbeot-provider': 'espeak',
      'x-malbeot-sample-rate': '22050',
      'x-malbeot-skipped': 'supertonic;reason="circuit open", edge_tts;reason="it said ?no, thanks?"',
    }),
    spoken({}),
  );
  const first = await client.synthesize({ text: '네', format: 'pcm' });
  expect(first).toMatchObject({ provider: 'espeak', sampleRate: 22_050, mediaType: 'audio/pcm' });
  expect(first.skipped).toEqual([
    { provider: 'supertonic', reason: 'circuit open' },
    { provider: 'edge_tts', reason: 'it said ?no, thanks?' },
  ]);
  const pieces: Uint8Array[] = [];
  for await (const piece of first.bytes) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe('sound');

  const second = await client.synthesize({ text: '네' });
  expect(second).toMatchObject({ provider: null, sampleRate: null, skipped: [] });
  for await (const piece of second.bytes) expect(piece.length).toBeGreaterThan(0);
});

it('throws what the server says before the first byte', async () => {
  const client = new SpeechClient({ baseUrl: server.baseUrl, maxTries: 1, language: 'en' });
  server.script(json(503, problem(503, 'PROVIDER_UNAVAILABLE')));
  await expect(client.synthesize({ text: 'yes' })).rejects.toMatchObject({
    code: 'PROVIDER_UNAVAILABLE',
    status: 503,
    retryable: true,
  });
});
