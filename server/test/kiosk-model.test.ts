import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLanguageModelChain } from '../src/providers/chain/language-model-chain.ts';
import { createOpenAiChat } from '../src/providers/openai-chat/openai-chat.ts';
import { openChatServer, type ChatServer } from '../src/providers/openai-chat/testing/chat-server.ts';
import { openKioskKit, type KioskKit } from './kiosk-kit.ts';

const KEY = 'gsk-very-secret-0123456789';
const WORDS = '아까 그 매콤한 닭 들어간 버거 하나';
const READING = JSON.stringify({
  acts: [
    {
      act: 'add',
      item: 'spicy_chicken_burger',
      from: null,
      quantity: 1,
      options: [],
      question: null,
      price: 1,
    },
    { act: 'pay', item: null, from: null, quantity: null, options: [], question: null },
  ],
});

describe('a kiosk with a language model behind it, over HTTP', () => {
  let server: ChatServer;
  let kit: KioskKit;

  beforeEach(async () => {
    server = await openChatServer();
    const mind = createOpenAiChat({
      id: 'groq_llm',
      name: 'Groq',
      cost: 'free_tier',
      baseUrl: server.url,
      key: KEY,
      models: ['llama-3.3-70b-versatile'],
      contextTokens: 32_768,
      needs: 'GROQ_API_KEY',
    });
    kit = await openKioskKit({ llm: createLanguageModelChain([mind]), hears: [WORDS] });
  });
  afterEach(async () => {
    await kit.close();
    await server.close();
  });

  it('asks it about what the rules are unsure of, and tells so', async () => {
    server.script({ says: READING });
    const { body } = await kit.turn({ text: WORDS });
    expect(body.message).toContain('매운치킨버거');
    expect(body.meta.providers).toMatchObject({ mind: 'rules+groq_llm' });
    expect(body.meta.stages_ms).toHaveProperty('mind');
    expect(body.order_data?.items ?? []).toEqual([]);
    const agreed = await kit.turn({ text: '네', session_id: body.session_id });
    expect(agreed.body.order_data).toMatchObject({
      items: [{ item_id: 'spicy_chicken_burger', quantity: 1, price: 5_700 }],
      total_amount: 5_700,
      status: 'draft',
    });
    expect(agreed.body.meta.providers).toMatchObject({ mind: 'rules' });
    expect(server.received).toHaveLength(1);
  });

  it('answers by the rules in time when it hangs, and names it', async () => {
    server.always({ hangs: true });
    const startedAt = performance.now();
    const { status, body } = await kit.turn({ text: WORDS });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(status).toBe(200);
    expect(body.success).toBe(true);
    expect(body.meta.providers).toMatchObject({ mind: 'rules' });
    expect(body.meta.skipped).toEqual([{ provider: 'groq_llm', reason: 'timeout' }]);
  });

  it('keeps key and words out of the log, however it fails', async () => {
    for (const status of [401, 500, 429]) {
      server.script({ status, body: JSON.stringify({ error: { message: `${KEY} ${WORDS}`, code: KEY } }) });
      const { body } = await kit.turn({ text: WORDS });
      expect(body.meta.providers).toMatchObject({ mind: 'rules' });
      expect(body.meta.skipped).toHaveLength(1);
    }
    const told = JSON.stringify([kit.lines, kit.records]);
    expect(told).toContain('groq_llm');
    expect(told).not.toContain(KEY);
    expect(told).not.toContain('매콤');
  });

  it('sends nothing while the rules are sure', async () => {
    const first = await kit.turn({ text: '불고기버거 세트 두 개랑 콜라 하나 주세요' });
    await kit.turn({ text: '주문할게요', session_id: first.body.session_id });
    await kit.turn({ action: { type: 'repeat' }, session_id: first.body.session_id });
    expect(server.received).toEqual([]);
  });
});
