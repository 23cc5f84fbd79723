import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../providers/fake/manual-clock.ts';
import type { Step } from '../../../providers/fake/script.ts';
import { ScriptedMind } from '../../../providers/fake/scripted-mind.ts';
import { silentLogger } from '../../../telemetry/logger.ts';
import { createModelTalk } from './model.ts';
import { openTalkTest } from './testing.ts';

const LONG = Array.from({ length: 400 }, (_, index) => `낱말${index}`).join(' ');

function open(step: Step = { do: 'answer' }, says = ['네, 그래요. 정말 그래요.']) {
  const clock = createManualClock();
  const llm = new ScriptedMind({ says, otherwise: step, clock });
  return { clock, llm, model: createModelTalk({ llm, timers: clock, log: silentLogger }) };
}

async function said(model: ReturnType<typeof open>['model'], signal = new AbortController().signal) {
  const parts: string[] = [];
  const question = { text: '왜 그래?', language: 'ko', history: [], name: null } as const;
  for await (const part of model.answer(question, signal)) parts.push(part.text);
  return parts.join('');
}

/** Waits until somebody waits on the clock, and lets time pass. */
async function pass(clock: ReturnType<typeof createManualClock>, ms: number): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  clock.advance(ms);
}

describe('a language model that talks', () => {
  it('is heard as it speaks, and leaves no timer', async () => {
    const { clock, model } = open();
    expect(await said(model)).toBe('네, 그래요. 정말 그래요.');
    expect(clock.sleepers).toBe(0);
  });

  it('is not waited for longer than three seconds for its first word', async () => {
    for (const step of [{ do: 'hang' }, { do: 'hang-deaf' }] as const) {
      const { clock, model } = open(step);
      const saying = said(model);
      await pass(clock, 2_999);
      expect(clock.sleepers).toBeGreaterThan(0);
      await pass(clock, 1);
      expect(await saying).toBe('');
      expect(clock.sleepers).toBe(0);
    }
  });

  it('may break off: what was said stands', async () => {
    const { model } = open({ do: 'die-after', chunks: 2 });
    expect(await said(model)).toBe('네, 그래요.');
    const { clock, model: stalled } = open({ do: 'stall-after', chunks: 1 });
    const saying = said(stalled);
    await pass(clock, 0);
    await pass(clock, 20_000);
    expect(await saying).toBe('네,');
    expect(clock.sleepers).toBe(0);
  });

  it('says nothing where it can not be asked, and no more than a person wants to hear', async () => {
    const { llm, model } = open();
    llm.setAvailability({ available: false, reason: 'off', action: 'on' });
    expect(await said(model)).toBe('');
    expect(llm.calls).toBe(0);
    expect((await said(open({ do: 'answer' }, [LONG]).model)).length).toBeLessThan(1_300);
  });

  it('ends with its turn', async () => {
    const { llm, model } = open({ do: 'hang' });
    const leaver = new AbortController();
    const saying = said(model, leaver.signal);
    await new Promise(setImmediate);
    leaver.abort();
    await expect(saying).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise(setImmediate);
    expect(llm.running).toBe(0);
  });

  it('is asked only what no rule is sure of', async () => {
    const { llm, model } = open();
    const talk = openTalkTest({ model });
    for (const text of ['안녕하세요', '몇 시야?', '죽고 싶어', '너무 슬퍼', '고마워', '그만'])
      await talk.say(text);
    expect(llm.calls).toBe(0);
    const { text, state } = await talk.say('하늘은 왜 파래?');
    expect([text, state.mind, llm.calls]).toEqual(['네, 그래요. 정말 그래요.', 'fake_mind', 1]);
    expect((await talk.say('다시 말해 줘')).text).toContain('정말 그래요.');
    llm.behave({ do: 'fail', kind: 'failed' });
    const alone = await talk.say('바다는 왜 짜?');
    expect(alone.state.mind).toBe('rules');
    expect(alone.text).not.toBe('');
  });
});
