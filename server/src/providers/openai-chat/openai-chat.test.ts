import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { languageModelSuite } from '../contract/llm.suite.ts';
import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import type { ChatChunk, ChatRequest } from '../spec/llm.ts';
import type { ProviderErrorKind } from '../spec/provider.ts';
import { createOpenAiChat, type OpenAiChat, type OpenAiChatOptions } from './openai-chat.ts';
import { chunkEvent, openChatServer, streamOf, type ChatServer, type Reply } from './testing/chat-server.ts';

const KEY = 'gsk-very-secret-0123456789';
const request: ChatRequest = { messages: [{ role: 'user', content: '안녕하세요? 비밀이에요' }] };
const schema = { type: 'object', properties: { acts: { type: 'array' } } };

const mindAt = (url: string, options: Partial<OpenAiChatOptions> = {}): OpenAiChat =>
  createOpenAiChat({
    id: 'groq_llm',
    name: 'Groq',
    cost: 'free_tier',
    baseUrl: url,
    key: KEY,
    models: ['first', 'second'],
    contextTokens: 32_768,
    needs: 'GROQ_API_KEY',
    ...options,
  });

languageModelSuite('a chat completions server', {
  async make() {
    const server = await openChatServer();
    return { provider: mindAt(server.url), end: () => server.close() };
  },
});

describe('a mind behind the chat completions API', () => {
  let server: ChatServer;
  let mind: OpenAiChat;

  beforeAll(async () => {
    server = await openChatServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    mind = mindAt(server.url, { firstByteLimitMs: 2_000, pieceLimitMs: 2_000 });
  });

  async function chunksOf(asked = request, signal = quiet(), provider = mind): Promise<ChatChunk[]> {
    const chunks: ChatChunk[] = [];
    for await (const chunk of provider.chat(asked, signal)) chunks.push(chunk);
    return chunks;
  }
  const textOf = (chunks: readonly ChatChunk[]) =>
    chunks.map((chunk) => (chunk.type === 'text-delta' ? chunk.text : '')).join('');
  const last = () => server.received.at(-1)!;

  it('sends the conversation with the key to the configured address, and nothing else', async () => {
    await chunksOf({ ...request, temperature: 0, maxTokens: 40 });
    expect(last()).toMatchObject({ method: 'POST', path: '/v1/chat/completions' });
    expect(last().headers.authorization).toBe(`Bearer ${KEY}`);
    expect(last().body).toEqual({
      model: 'first',
      stream: true,
      messages: request.messages,
      temperature: 0,
      max_tokens: 40,
    });
    await chunksOf({ ...request, model: 'other' });
    expect(last().body).toEqual({ model: 'other', stream: true, messages: request.messages });
    await chunksOf(request, quiet(), mindAt(`${server.url}/`, { key: null }));
    expect(last().path).toBe('/v1/chat/completions');
    expect(last().headers.authorization).toBeUndefined();
  });

  const spoken = '{"acts": [{"act": "add", "말": "매운치킨버거 🍔"}]}';
  it.each([
    ['whole', 100_000, streamOf(spoken)],
    ['byte by byte', 1, streamOf(spoken)],
    ['in pieces of 7 bytes with CRLF', 7, streamOf(spoken).replaceAll('\n', '\r\n')],
    [
      'with comments and keep-alives',
      50,
      `: open\n\n${streamOf(spoken).replaceAll('\n\n', '\n\n: ping\n\n')}`,
    ],
    ['without [DONE]', 50, streamOf(spoken).replace('data: [DONE]\n\n', '')],
    ['without a reason', 50, streamOf(spoken).replace('"stop"', 'null')],
    ['with fields of other servers', 50, chunkEvent({ reasoning_content: 'hm' }) + streamOf(spoken)],
  ])('reads a stream that comes %s', async (_, pieceBytes, stream) => {
    server.script({ stream, pieceBytes });
    const chunks = await chunksOf();
    expect(textOf(chunks)).toBe(spoken);
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('reads the answer of a server that does not stream', async () => {
    const choices = [{ message: { role: 'assistant', content: spoken }, finish_reason: 'length' }];
    server.script({ status: 200, body: JSON.stringify({ choices }) });
    const chunks = await chunksOf();
    expect(textOf(chunks)).toBe(spoken);
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'length' });
  });

  it.each([
    ['length', 'length'],
    ['content_filter', 'filtered'],
    ['tool_calls', 'stop'],
  ])('says that it ended with %s', async (finish, reason) => {
    server.script({ stream: chunkEvent({ content: '네' }) + chunkEvent({}, finish) });
    expect((await chunksOf()).at(-1)).toEqual({ type: 'finish', reason });
  });

  it('calls a refusal filtered', async () => {
    server.script({ stream: `${chunkEvent({ refusal: 'No.' })}data: [DONE]\n\n` });
    expect(await chunksOf()).toEqual([{ type: 'finish', reason: 'filtered' }]);
  });

  const refusal = (status: number, code: string, headers = {}): Reply => ({
    status,
    headers,
    body: JSON.stringify({ error: { message: `Bad key ${KEY} for 비밀이에요`, type: 'x y', code } }),
  });
  it.each([
    [refusal(401, 'invalid_api_key'), 'unauthorized', 'status 401 (invalid_api_key). Check its key.'],
    [refusal(403, KEY), 'unauthorized', 'status 403. Check its key.'],
    [refusal(402, 'no_credit'), 'unauthorized', 'no credit'],
    [refusal(404, 'model_not_found'), 'unavailable', 'name of the model'],
    [refusal(408, 'slow'), 'timeout', 'status 408'],
    [refusal(413, 'too_large'), 'invalid_input', 'status 413'],
    [refusal(400, 'context_length_exceeded'), 'invalid_input', 'context_length_exceeded'],
    [refusal(429, 'rate_limit_exceeded', { 'retry-after': '7' }), 'rate_limited', 'status 429'],
    [refusal(500, 'server_error'), 'unavailable', 'status 500'],
    [refusal(503, 'overloaded'), 'unavailable', 'status 503'],
    [{ status: 502, body: '<html>Bad gateway</html>' }, 'unavailable', 'status 502.'],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' }, body: '' }, 'failed', 'not followed'],
    [{ status: 200, body: 'I am no JSON' }, 'failed', 'no chat completion'],
    [{ status: 200, body: '{"hello": "there"}' }, 'failed', 'no chat completion'],
    [{ stream: 'data: {"choices": [{"delta"\n\n' }, 'failed', 'no chat completion'],
    [
      { stream: `data: {"error": {"message": "${KEY}", "code": "rate_limit"}}\n\n` },
      'unavailable',
      'in the middle',
    ],
    [{ stream: 'data: {"error": {"message": "x", "code": 503}}\n\n' }, 'unavailable', 'status 503'],
    [{ stream: chunkEvent({ content: '네' }), then: 'cut' }, 'unavailable', 'connection failed'],
    [{ stream: chunkEvent({ content: '네' }) }, 'unavailable', 'cut off in the middle'],
    [{ stream: '' }, 'unavailable', 'cut off in the middle'],
  ] satisfies [Reply, ProviderErrorKind, string][])(
    'maps what fails, case %#, without key or words',
    async (reply, kind, message) => {
      server.script(reply);
      const signal = quiet();
      const error = await providerErrorOf(chunksOf(request, signal));
      expect(error).toMatchObject({ kind, provider: 'groq_llm' });
      expect(error.message).toContain(message);
      const told = JSON.stringify([error.message, error.stack, String(error.cause)]);
      expect(told).not.toContain(KEY);
      expect(told).not.toContain('비밀이에요');
      expect(listenersOn(signal)).toBe(0);
      if (kind === 'rate_limited') expect(error.retryAfterMs).toBe(7_000);
    },
  );

  it.each([
    [{ 'retry-after': 'Sat, 21 Nov 2026 09:00:30 GMT' }, 30_000],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '99999999' }, 3_600_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
    [{}, undefined],
  ])('reads when it may be asked again from %j', async (headers, expected) => {
    server.script(refusal(429, 'rate_limit', headers));
    const limited = mindAt(server.url, { clock: { now: () => Date.UTC(2026, 10, 21, 9) } });
    expect((await providerErrorOf(chunksOf(request, quiet(), limited))).retryAfterMs).toBe(expected);
  });

  it('fails at once where nobody listens', async () => {
    const gone = await openChatServer();
    await gone.close();
    const error = await providerErrorOf(chunksOf(request, quiet(), mindAt(gone.url)));
    expect(error).toMatchObject({ kind: 'unavailable', message: 'The connection failed (ECONNREFUSED).' });
  });

  it.each([
    ['before the first byte', { hangs: true }],
    ['in the middle', { stream: chunkEvent({ content: '네' }), then: 'stall' }],
  ] satisfies [string, Reply][])('gives up on a server that hangs %s, and hangs up', async (_, reply) => {
    server.script(reply, reply);
    const impatient = mindAt(server.url, { firstByteLimitMs: 60, pieceLimitMs: 60 });
    const error = await providerErrorOf(chunksOf(request, quiet(), impatient));
    expect(error).toMatchObject({ kind: 'timeout', message: 'No answer within 60 ms.' });
    await last().closed;
    const limited = await providerErrorOf(chunksOf({ ...request, limitMs: 50 }));
    expect(limited.kind).toBe('timeout');
    await last().closed;
  });

  it('hangs up when called off, before and after the first byte', async () => {
    for (const reply of [
      { hangs: true },
      { stream: chunkEvent({ content: '네' }), then: 'stall' },
    ] as const) {
      server.script(reply);
      const before = server.received.length;
      const controller = new AbortController();
      const asking = chunksOf(request, controller.signal);
      asking.catch(() => {});
      while (server.received.length === before) await new Promise((resolve) => setTimeout(resolve, 2));
      controller.abort();
      await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
      await last().closed;
      expect(listenersOn(controller.signal)).toBe(0);
    }
  });

  it('hangs up when the listener leaves early', async () => {
    server.script({ stream: chunkEvent({ content: '네' }), then: 'stall' });
    for await (const chunk of mind.chat(request, quiet())) if (chunk.type === 'text-delta') break;
    await last().closed;
  });

  it('reads no more than was agreed to', async () => {
    const small = mindAt(server.url, { mostBytes: 2_000 });
    const long = chunkEvent({ content: 'x'.repeat(200) }).repeat(50);
    for (const reply of [{ stream: long }, { status: 200, body: 'x'.repeat(9_000) }]) {
      server.script(reply);
      const error = await providerErrorOf(chunksOf(request, quiet(), small));
      expect(error).toMatchObject({ kind: 'failed', message: 'It answers with more than 2000 bytes.' });
    }
  });

  it('holds the answer to a schema, by the means that the server has, and remembers them', async () => {
    const asked = { ...request, responseSchema: schema, temperature: 0, maxTokens: 9 };
    await chunksOf(asked);
    expect(last().body).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      messages: request.messages,
    });
    const minds = (message: string): Reply => ({ status: 400, body: JSON.stringify({ error: { message } }) });
    server.script(minds('This model does not support response format `json_schema`.'));
    await chunksOf(asked);
    expect(last().body?.response_format).toEqual({ type: 'json_object' });
    expect(last().body?.messages?.[0]?.content).toContain(JSON.stringify(schema));
    server.script(
      minds('response_format is not supported'),
      minds("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
      minds("Unsupported value: 'temperature'"),
    );
    await chunksOf(asked);
    const { body } = last();
    expect(body).not.toHaveProperty('response_format');
    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('max_tokens');
    expect(body?.max_completion_tokens).toBe(9);
    const before = server.received.length;
    await chunksOf(asked);
    expect(server.received).toHaveLength(before + 1);
    server.script(minds('response_format and temperature are never right'));
    expect((await providerErrorOf(chunksOf(asked))).kind).toBe('invalid_input');
  });

  it('takes the first wanted model that the server has', async () => {
    server.models('models/second', 'other');
    expect(await mind.refreshModels(quiet())).toEqual(['second', 'other']);
    expect(mind.model()).toBe('second');
    expect(last()).toMatchObject({ method: 'GET', path: '/v1/models' });
    await chunksOf();
    expect(last().body?.model).toBe('second');
    server.models('other');
    await mind.refreshModels(quiet());
    expect(mind.availability()).toMatchObject({
      available: false,
      action: expect.stringContaining('first, second') as unknown,
    });
    expect((await providerErrorOf(chunksOf())).kind).toBe('unavailable');
    server.models('nomic-embed-text', 'gemma2:2b');
    const any = mindAt(server.url, { ifNoneListed: 'take-any' });
    await any.refreshModels(quiet());
    expect(any.model()).toBe('gemma2:2b');
    const sure = mindAt(server.url, { ifNoneListed: 'ask-anyway' });
    await sure.refreshModels(quiet());
    expect(sure.model()).toBe('first');
  });

  it('says whether anything leaves the machine', () => {
    expect(mind.info.local).toBe(true);
    expect(mindAt('http://localhost:11434/v1').info.local).toBe(true);
    expect(mindAt('http://[::1]:1/v1').info.local).toBe(true);
    expect(mindAt('https://api.groq.com/openai/v1').info.local).toBe(false);
    expect(mindAt('https://127.0.0.1.example.com/v1').info.local).toBe(false);
    expect(() => mindAt('file:///etc/passwd')).toThrow('http:// or https://');
  });
});
