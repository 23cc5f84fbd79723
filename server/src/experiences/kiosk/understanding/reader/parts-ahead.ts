import { ownNumber } from './lookahead.ts';
import type { KioskMenuItem } from '@malbeot/protocol';
import { choose, newMention, type Mention } from './mention.ts';
import { endLoosePart, endParts, partOf, type Reading } from './reading.ts';

/**
 * 아이스로 하나 따뜻한 걸로 둘 아메리카노: the item comes after its parts. True when `mention` was begun in as many parts as
 * were said before it; `at` is its token.
 */
export function beginInParts(reading: Reading, mention: Mention, at: number): boolean {
  const { pre, menu } = reading;
  if (!partsAreOf(reading, mention.item, at)) return false;
  endLoosePart(pre);
  endParts(reading);
  const parts = pre.dealt.map(({ quantity, options }, index) => {
    const part = index === 0 ? mention : partOf(mention, null, { options: mention.before, drops: [] });
    part.quantity = quantity;
    for (const [groupId, choices] of Object.entries(options)) {
      for (const choiceId of [choices].flat()) {
        choose(menu, part.options, { groupId, choiceId });
        if (index === 0) choose(menu, part.before, { groupId, choiceId });
      }
    }
    return part;
  });
  reading.pre = newMention({ kind: 'loose' });
  reading.mentions.push(...parts);
  reading.current = parts.at(-1)!;
  reading.every = parts;
  reading.afterAnd = false;
  return true;
}

/** True when parts wait for their item, and `item`, named at `at`, has what they were said to be. */
export function partsAreOf({ pre, tokens }: Reading, item: KioskMenuItem | null, at: number): boolean {
  if (item === null || pre.dealt.length === 0 || pre.otherwise.length > 0 || pre.intent !== 'add')
    return false;
  const groupIds = [...pre.dealt, pre].flatMap(({ options }) => Object.keys(options));
  return (
    groupIds.length > 0 &&
    groupIds.every((groupId) => item.options.includes(groupId)) &&
    ownNumber(tokens, at) === null
  );
}
