import { describe, expect, it } from 'vitest';
import { linesOfOrder, parseLine, writeLines } from './testing/order-lines.ts';
import { saidAmidTalk } from './testing/said-amid-talk.ts';
import { saidInDialogues } from './testing/said-in-dialogues.ts';
import { saidInEnglish } from './testing/said-english.ts';
import { saidInKoreanMixed } from './testing/said-korean-mixed.ts';
import { saidInKorean } from './testing/said-korean.ts';
import { saidInParts } from './testing/said-in-parts.ts';
import { saidInTurns } from './testing/said-in-turns.ts';
import { saidOfWhatStands } from './testing/said-of-what-stands.ts';
import { shippedMenu, startConversation } from './testing.ts';

const menu = shippedMenu();

/** The parts of a case; see the files of cases. */
function partsOf(line: string) {
  const [spoken = '', order = ''] = line.split('=>');
  const parts = spoken.split('|').map((part) => part.trim());
  const [before = '', given = ''] = [
    parts.at(-2),
    parts.at(-3) ?? (parts.length === 2 ? parts[0] : undefined),
  ];
  const list = (text: string, mark: string) =>
    text
      .split(mark)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  return {
    say: parts.at(-1)!,
    before: parts.length > 2 ? list(before, '/') : [],
    given: list(given, ';'),
    order: list(order, ';'),
  };
}

describe.each([
  ['Korean', saidInKorean],
  ['Korean, mixed', saidInKoreanMixed],
  ['English', saidInEnglish],
  ['turns', saidInTurns],
  ['parts', saidInParts],
  ['what stands', saidOfWhatStands],
  ['amid talk', saidAmidTalk],
  ['dialogues', saidInDialogues],
])('what stands after what was said: %s', (_, groups) => {
  describe.each(Object.entries(groups))('%s', (_group, cases) => {
    it.each(cases)('%s', async (line) => {
      const { given, before, say, order } = partsOf(line);
      const conversation = startConversation(menu, /[가-힣]/.test(say) ? 'ko' : 'en');
      for (const one of given) {
        const { itemId, options, quantity } = parseLine(one, menu);
        await conversation.tap({ type: 'add', item_id: itemId, options, quantity });
      }
      for (const one of before) await conversation.say(one);
      const reply = await conversation.say(say);
      const wanted = order.map((one) => parseLine(one, menu));
      expect(linesOfOrder(reply.order, menu)).toEqual(writeLines(wanted, menu));
      expect(reply.message).not.toBe('');
    });
  });
});
