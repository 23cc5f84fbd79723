import { describe, expect, it } from 'vitest';

import { languageModelSuite } from '../contract/llm.suite.ts';
import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import type { Step } from '../fake/script.ts';
import { ScriptedMind } from '../fake/scripted-mind.ts';
import type { ChatChunk, ChatRequest, LanguageModel } from '../spec/llm.ts';
import { createLanguageModelChain, type LanguageModelChainOptions } from './language-model-chain.ts';
import type { Attempt } from './members.ts';

/** One limit for everything. */
const limits = (ms: number) => ({ floorMs: ms, unknownMs: ms, ceilingMs: ms, coldMs: ms });

const request: ChatRequest = { messages: [{ role: 'user', content: '안녕하세요?' }] };

languageModelSuite('a chain of one', {
  make: async () => ({ provider: createLanguageModelChain([new ScriptedMind()]), end: async () => {} }),
});

async function chunksOf(mind: LanguageModel, signal = quiet(), asked = request): Promise<ChatChunk[]> {
  const chunks: ChatChunk[] = [];
  for await (const chunk of mind.chat(asked, signal)) chunks.push(chunk);
  return chunks;
}

function chainAfter(step: Step, options: LanguageModelChainOptions = {}) {
  const first = new ScriptedMind({ id: 'fake_first', otherwise: step, says: ['하나 둘 셋'] });
  const second = new ScriptedMind({ id: 'fake_second', says: ['넷 다섯'] });
  return { first, second, chain: createLanguageModelChain([first, second], options) };
}

describe('a chain of minds', () => {
  it.each([
    ['fails', { do: 'fail', kind: 'unauthorized' }, 'unauthorized'],
    ['hangs', { do: 'hang' }, 'timeout'],
    ['hangs and is deaf to its signal', { do: 'hang-deaf' }, 'timeout'],
    ['dies before its first text', { do: 'die-after', chunks: 0 }, 'failed'],
    ['throws what it should not', { do: 'throw', error: 'oops' }, 'failed'],
  ] satisfies [string, Step, string][])(
    'lets the next one answer when the first %s',
    async (_, step, reason) => {
      const { chain } = chainAfter(step, { limits: limits(100) });
      const signal = quiet();
      expect(await chunksOf(chain, signal)).toEqual([
        { type: 'source', provider: 'fake_second', skipped: [{ provider: 'fake_first', reason }] },
        { type: 'text-delta', text: '넷' },
        { type: 'text-delta', text: ' 다섯' },
        { type: 'finish', reason: 'stop' },
      ]);
      expect(listenersOn(signal)).toBe(0);
    },
  );

  it('never goes on with what another has begun', async () => {
    for (const chunks of [1, 2]) {
      const { chain, second } = chainAfter({ do: 'die-after', chunks });
      expect(await providerErrorOf(chunksOf(chain))).toMatchObject({
        kind: 'failed',
        provider: 'fake_first',
      });
      expect(second.calls).toBe(0);
      expect(chain.status().providers[0]).toMatchObject({ failuresInRow: 1 });
    }
  });

  it.each([
    ['stalls', async () => void (await new Promise(() => {})), 'timeout'],
    ['ends without an end', async () => {}, 'failed'],
  ])('fails when a mind that has begun %s', async (_, then, kind) => {
    const odd = new ScriptedMind({ id: 'fake_odd' });
    odd.chat = async function* () {
      yield { type: 'text-delta', text: '' };
      yield { type: 'text-delta', text: '네' };
      await then();
    };
    const chain = createLanguageModelChain([odd, new ScriptedMind()], { limits: limits(100) });
    expect(await providerErrorOf(chunksOf(chain))).toMatchObject({ kind, provider: 'fake_odd' });
  });

  it('deals out the time that there is, and holds it against who was slow', async () => {
    const { chain, first, second } = chainAfter({ do: 'hang' });
    const hurried = { ...request, limitMs: 400 };
    const startedAt = performance.now();
    expect((await chunksOf(chain, quiet(), hurried))[0]).toMatchObject({ provider: 'fake_second' });
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    expect(second.asked[0]!.limitMs).toBeLessThanOrEqual(201);
    second.behave({ do: 'hang' });
    for (let call = 0; call < 2; call++) {
      expect((await providerErrorOf(chunksOf(chain, quiet(), hurried))).kind).toBe('timeout');
    }
    // The circuit of the first is open: the next customer does not wait for it.
    second.behave({ do: 'answer' });
    await chunksOf(chain, quiet(), hurried);
    expect(first.calls).toBe(3);
    expect(chain.status().providers[0]).toMatchObject({ circuit: 'open', lastError: { kind: 'timeout' } });
  });

  it('ends when the time is over, however many there are', async () => {
    const slow = (id: string) => new ScriptedMind({ id, otherwise: { do: 'hang-deaf' } });
    const chain = createLanguageModelChain([slow('fake_a'), slow('fake_b'), slow('fake_c')]);
    const startedAt = performance.now();
    const error = await providerErrorOf(chunksOf(chain, quiet(), { ...request, limitMs: 60 }));
    expect(error.kind).toBe('timeout');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('counts neither an abort nor a listener who leaves', async () => {
    const { chain, first, second } = chainAfter({ do: 'answer' });
    for (let call = 0; call < 4; call++) {
      const controller = new AbortController();
      const asking = chunksOf(chain, controller.signal);
      queueMicrotask(() => controller.abort());
      await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
      for await (const chunk of chain.chat(request, quiet())) if (chunk.type === 'text-delta') break;
    }
    await new Promise(setImmediate);
    expect(first.running).toBe(0);
    expect(second.calls).toBe(0);
    expect(chain.status().providers[0]).toMatchObject({ circuit: 'closed', failuresInRow: 0 });
  });

  it('cuts a conversation for a smaller mind to the system and the last ten messages', async () => {
    const messages = Array.from({ length: 30 }, (_, at) => ({
      role: at === 0 ? ('system' as const) : at % 2 === 0 ? ('assistant' as const) : ('user' as const),
      content: String(at),
    }));
    const big = new ScriptedMind({ id: 'fake_big', contextTokens: 128_000 });
    const small = new ScriptedMind({ id: 'fake_small', contextTokens: 8_000 });
    const chain = createLanguageModelChain([big, small]);
    await chunksOf(chain, quiet(), { messages });
    expect(big.asked[0]!.messages).toEqual(messages);
    expect(chain.contextTokens).toBe(128_000);
    big.behave({ do: 'fail', kind: 'rate_limited', retryAfterMs: 60_000 });
    await chunksOf(chain, quiet(), { messages });
    expect(small.asked[0]!.messages).toEqual([messages[0], ...messages.slice(-10)]);
    expect(chain.contextTokens).toBe(8_000);
  });

  it('names each mind and why when all fail, and tells of every attempt', async () => {
    const attempts: Attempt[] = [];
    const chain = createLanguageModelChain(
      [
        new ScriptedMind({ id: 'fake_a', otherwise: { do: 'fail', kind: 'unauthorized' } }),
        new ScriptedMind({ id: 'fake_b', otherwise: { do: 'fail', kind: 'timeout' } }),
      ],
      { onAttempt: (attempt) => attempts.push(attempt) },
    );
    const error = await providerErrorOf(chunksOf(chain));
    expect(error).toMatchObject({ kind: 'unavailable', provider: 'mind' });
    expect(error.skipped).toEqual([
      { provider: 'fake_a', reason: 'unauthorized' },
      { provider: 'fake_b', reason: 'timeout' },
    ]);
    expect(attempts.map(({ chain, provider, outcome }) => [chain, provider, outcome])).toEqual([
      ['mind', 'fake_a', 'unauthorized'],
      ['mind', 'fake_b', 'timeout'],
    ]);
    expect(() => createLanguageModelChain([])).toThrow('needs one provider');
  });
});
