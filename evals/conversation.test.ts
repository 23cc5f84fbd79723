import { describe, expect, it } from 'vitest';
import { playTalk, TALK_BAR } from './conversation.ts';
import { readTalks, type TalkScenario } from './conversation-scenario.ts';

const talks = readTalks();

describe('the talks', () => {
  it('reach their bar', async () => {
    const faults: string[] = [];
    for (const talk of talks) {
      const outcome = await playTalk(talk);
      if (outcome.faults.length > 0) faults.push(`${outcome.id}: ${outcome.faults.join('; ')}`);
    }
    expect(talks.length).toBeGreaterThanOrEqual(24);
    expect(1 - faults.length / talks.length, faults.join('\n')).toBeGreaterThanOrEqual(TALK_BAR);
  }, 120_000);
});

describe('the judge of talks', () => {
  it('says what is wrong', async () => {
    const order: TalkScenario = talks.find(({ id }) => id === 'polite-order')!;
    const [step] = order.steps;
    const wrong = {
      ...step!,
      heard: '콜라',
      says: ['없는 말'],
      stopped: true,
      within: { first_sound: 1, restore: 1 },
    };
    const { faults } = await playTalk({ ...order, steps: [wrong] });
    expect(faults.map((fault) => fault.replace(/^"[^"]*": /, '').replace(/\d+ of/, 'N of'))).toEqual([
      'heard: 불고기버거 세트 하나 주세요, not 콜라',
      '"없는 말" is not said: 알겠어요.',
      'stopped: false, not true',
      'first_sound: N of 1 ms',
      'restore: never',
    ]);
  });
});
