import type { KioskMenuItem } from '@malbeot/protocol';
import { isFollowedBy, isLatin, leadsTo, TOPIC } from './lookahead.ts';
import type { ChoiceRef } from '../lexicon/meanings.ts';
import { fittingChoice, newMention, type Mention } from './mention.ts';
import { dealPart } from './read-parts.ts';
import { chooseFor, type Reading } from './reading.ts';
import { hasRole } from '../tokens/tokens.ts';

/** Choices of one group in a row, each with how many sets are to have it. */
interface Row {
  readonly choices: readonly {
    readonly choice: ChoiceRef;
    readonly item: KioskMenuItem;
    readonly quantity: number | null;
  }[];
  /** Index of its last token. */
  readonly last: number;
  /** 하나는 콜라 하나는 사이다: the amounts are parts. */
  readonly topical: boolean;
  /** 로 stands behind the last of them. */
  readonly marked: boolean;
}

/**
 * 음료는 콜라 둘 사이다 하나: several choices of one group are dealt out over the sets named before, or over the line in
 * question. `from`: where the first of them is looked for. True when it was that.
 */
export function readDealtChoices(
  reading: Reading,
  from: number,
  groupIds: readonly string[],
  byNoun: boolean,
): boolean {
  const row = rowOfChoices(reading, from, groupIds);
  if (row === null || !(byNoun || row.marked)) return false;
  const { current, pre } = reading;
  const isItem = current?.kind === 'item';
  const whole = isItem ? current.quantity : null;
  const counted = row.choices.some(({ quantity }) => quantity !== null);
  const sum = row.choices.reduce((total, { quantity }) => total + (quantity ?? 1), 0);
  // 음료는 콜라 둘 사이다 하나, with no set before it: drinks of their own.
  if (!isItem && !row.marked && !(counted && current === null)) return false;
  if (isItem && dealOverItems(reading, row)) return true;
  // 치즈버거 열 개 음료는 사이다 다섯 개 콜라 다섯 개: no sets, and drinks of their own.
  if (isItem && counted && !row.marked && !canHave(reading, row)) return false;
  if (row.topical) return false;
  if (isItem && (whole === null || whole < sum || current.parts !== null)) return false;
  reading.readTo = row.last;
  if (isItem && !counted && sum < whole!) {
    // Four sets with cola and cider: nobody knows how many of each.
    for (let at = from; at <= row.last; at++) reading.lost += reading.tokens[at]!.text.length;
    return true;
  }
  for (const { choice, item, quantity } of row.choices) {
    if (isItem) dealTo(reading, reading.current!, quantity ?? 1, choice, row.last);
    else {
      const options = { ...pre.options, [choice.groupId]: choice.choiceId };
      pre.dealt.push({ quantity: quantity ?? 1, options, drops: [] });
      pre.otherwise.push(newMention({ kind: 'item', item, said: item.name, quantity: quantity ?? 1 }));
    }
  }
  if (!isItem) pre.options = {};
  return true;
}

/** True where the item in question is a set, or one that stands and may be one. */
function canHave({ current, menu }: Reading, { choices }: Row): boolean {
  const { item, options, topic, part, quantity } = current!;
  if (topic || part || quantity === null) return true;
  return fittingChoice(menu, item!, options, [choices[0]!.choice]) !== null;
}

/** 치즈버거 세트랑 새우버거 세트 하나씩, 음료는 콜라랑 사이다: one choice for each, in the order in which they were named. */
function dealOverItems(reading: Reading, row: Row): boolean {
  const { mentions, menu } = reading;
  const sets = mentions.filter(
    ({ kind, item, intent, options }) =>
      kind === 'item' &&
      intent === 'add' &&
      fittingChoice(menu, item!, options, [row.choices[0]!.choice]) !== null,
  );
  const isOneEach = row.choices.every(({ quantity }) => (quantity ?? 1) === 1);
  if (sets.length < 2 || sets.length !== row.choices.length || !isOneEach) return false;
  if (sets.some(({ quantity }) => (quantity ?? 1) !== 1)) return false;
  for (const [index, { choice }] of row.choices.entries()) chooseFor(reading, sets[index]!, choice, row.last);
  reading.readTo = row.last;
  return true;
}

function dealTo(reading: Reading, target: Mention, quantity: number, choice: ChoiceRef, at: number): void {
  dealPart(reading, target, quantity);
  chooseFor(reading, reading.current!, choice, at);
}

/** The choices from `from` on, with their amounts: behind them in Korean, before them in English; null when there are not several. */
function rowOfChoices({ tokens, menu }: Reading, from: number, groupIds: readonly string[]): Row | null {
  const choices: { choice: ChoiceRef; item: KioskMenuItem; quantity: number | null }[] = [];
  let last = from;
  let marked = false;
  let topical = false;
  let ahead: number | null = null;
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at]!;
    const latest = choices.at(-1);
    if (token.type === 'name') {
      const choice = token.meaning.choices.find(({ groupId }) => groupIds.includes(groupId));
      const item = menu.itemsById.get(token.meaning.itemId ?? '');
      if (choice === undefined || item === undefined) break;
      if (latest !== undefined && latest.choice.groupId !== choice.groupId) break;
      if (leadsTo(tokens, at, 'instead', 'remove') || isFollowedBy(tokens, at, TOPIC)) return null;
      choices.push({ choice, item, quantity: ahead });
      ahead = null;
      marked = false;
    } else if (token.type === 'number' && token.countsThings) {
      const isTopic = isFollowedBy(tokens, at, TOPIC);
      topical ||= isTopic;
      if (isLatin(token) || isTopic) ahead = token.value;
      else if (latest?.quantity === null) latest.quantity = token.value;
      else break;
    } else if (hasRole(token, 'to')) marked = true;
    else if (!hasRole(token, 'particle', 'filler', 'and', 'each')) break;
    if (ahead === null) last = at;
  }
  return choices.length < 2 ? null : { choices, last, marked, topical };
}
