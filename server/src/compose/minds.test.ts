import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Config } from '../config/config.ts';
import { quiet } from '../providers/contract/provider.suite.ts';
import { createManualClock } from '../providers/fake/manual-clock.ts';
import type { Attempt } from '../providers/chain/members.ts';
import { openChatServer, type ChatServer } from '../providers/openai-chat/testing/chat-server.ts';
import type { LanguageModel } from '../providers/spec/llm.ts';
import { silentLogger } from '../telemetry/logger.ts';
import { mindChecks, mindPart } from './mind-parts.ts';
import { openMinds, type MindsOptions } from './minds.ts';

const none = { url: null, key: null, model: null };
const nothing: Config['minds'] = {
  cerebras: none,
  groq: none,
  gemini: none,
  deepseek: none,
  ollama: none,
  openai: none,
};
const KEY = 'csk-very-secret-0123456789';

describe('the minds of a server', () => {
  let server: ChatServer;
  beforeEach(async () => {
    server = await openChatServer();
  });
  afterEach(() => server.close());

  const open = (minds: Partial<Config['minds']> = {}, options: Partial<MindsOptions> = {}) =>
    openMinds({
      parts: { llm: true },
      minds: { ...nothing, ...minds },
      log: silentLogger,
      clock: createManualClock(),
      ollamaUrl: 'http://127.0.0.1:1/v1',
      ...options,
    });
  const ids = ({ providers }: ReturnType<typeof open>) => providers.map(({ provider }) => provider.info.id);
  const request = { messages: [{ role: 'user', content: '네?' }] } as const;
  async function answerOf(llm: LanguageModel) {
    let source = '';
    for await (const chunk of llm.chat(request, quiet()))
      if (chunk.type === 'source') source = chunk.provider;
    return source;
  }
  const health = async (minds: ReturnType<typeof open>) => mindPart(minds).check(quiet());
  const doctor = async (minds: ReturnType<typeof open>) =>
    (await Promise.all(mindChecks(minds).map(({ run }) => run(quiet())))).flat();

  it('send nothing anywhere while none is configured, but look for Ollama on this machine', async () => {
    const minds = open();
    expect(ids(minds)).toEqual(['ollama_llm']);
    await minds.find(quiet());
    expect(minds.chain!.availability()).toMatchObject({ available: false });
    expect(await health(minds)).toMatchObject({
      status: 'ok',
      provider: 'rules',
      stand_in: true,
      detail: { key: 'health.rules' },
    });
    expect(await doctor(minds)).toMatchObject([{ status: 'ok', what: { key: 'doctor.mind.none' } }]);
    await minds.close();
  });

  it('find Ollama by itself and take any model that can chat', async () => {
    server.models('nomic-embed-text', 'gemma2:2b');
    const minds = open({}, { ollamaUrl: server.url });
    expect(minds.chain!.availability().available).toBe(false);
    await minds.find(quiet());
    expect(server.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v1/models', undefined],
    ]);
    expect(await answerOf(minds.chain!)).toBe('ollama_llm');
    expect(server.received.at(-1)?.body?.model).toBe('gemma2:2b');
    expect(await health(minds)).toMatchObject({ status: 'ok', provider: 'ollama_llm', stand_in: false });
    expect(await doctor(minds)).toMatchObject([{ status: 'ok', what: { values: { model: 'gemma2:2b' } } }]);
    await minds.close();
  });

  it('do without an Ollama that has no model', async () => {
    server.models();
    const minds = open({}, { ollamaUrl: server.url });
    await minds.find(quiet());
    expect(minds.chain!.availability().available).toBe(false);
    expect(await health(minds)).toMatchObject({ status: 'ok', provider: 'rules' });
  });

  it('stand in the order of preference, each turned on by its own setting', () => {
    const given = { url: null, key: KEY, model: null };
    const all = { cerebras: given, groq: given, gemini: given, deepseek: given, openai: given };
    expect(ids(open(all))).toEqual([
      'cerebras_llm',
      'groq_llm',
      'gemini_llm',
      'deepseek_llm',
      'ollama_llm',
      'openai_llm',
    ]);
    expect(ids(open({ groq: { ...none, url: server.url } }))).toEqual(['ollama_llm']);
    expect(ids(open({ openai: { ...none, url: server.url } }))).toEqual(['ollama_llm', 'openai_llm']);
    expect(open({ openai: { ...none, url: server.url } }).providers[1]!.provider.info).toMatchObject({
      name: new URL(server.url).host,
      local: true,
      cost: 'free',
    });
  });

  it('are asked with their key and model, at their address', async () => {
    const attempts: Attempt[] = [];
    const minds = open(
      { cerebras: { url: server.url, key: KEY, model: 'mine' } },
      { watch: { onAttempt: (attempt) => attempts.push(attempt) } },
    );
    server.models('other');
    await minds.find(quiet());
    expect(await answerOf(minds.chain!)).toBe('cerebras_llm');
    expect(server.received.at(-1)).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${KEY}` },
      body: { model: 'mine' },
    });
    expect(attempts).toMatchObject([{ provider: 'cerebras_llm', outcome: 'succeeded' }]);
  });

  it('say what is wrong, without the key', async () => {
    const minds = open({ groq: { url: server.url, key: KEY, model: null } });
    server.models('nobody-wants-this');
    await minds.find(quiet());
    const told = [await health(minds), await doctor(minds)];
    expect(told[0]).toMatchObject({
      status: 'degraded',
      provider: 'rules',
      detail: { key: 'health.mind.away' },
    });
    expect(told[1]).toMatchObject([
      { status: 'warn', action: expect.stringContaining('llama-3.3-70b-versatile') as unknown },
    ]);
    await server.close();
    const gone = await doctor(minds);
    expect(gone).toMatchObject([
      { status: 'warn', action: { values: { settings: 'GROQ_API_KEY, GROQ_URL, GROQ_MODEL' } } },
    ]);
    expect(JSON.stringify([told, gone])).not.toContain(KEY);
  });

  it('are nobody when they are switched off', async () => {
    const minds = open({ groq: { url: server.url, key: KEY, model: null } }, { parts: { llm: false } });
    await minds.find(quiet());
    expect(minds.chain).toBeNull();
    expect(server.received).toEqual([]);
    expect(await health(minds)).toMatchObject({
      status: 'ok',
      provider: 'rules',
      detail: { key: 'health.rules.off' },
    });
    expect(await doctor(minds)).toMatchObject([{ what: { values: { setting: 'LLM_ENABLED' } } }]);
    await minds.close();
  });

  it('stop looking when they are called off', async () => {
    const minds = open({ groq: { url: server.url, key: KEY, model: null } });
    const finding = minds.find(AbortSignal.abort());
    await expect(finding).resolves.toBeUndefined();
    expect(server.received).toEqual([]);
  });
});
