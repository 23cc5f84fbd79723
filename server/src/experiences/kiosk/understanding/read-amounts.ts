import type { ChoiceRef } from './lexicon.ts';
import { choose, fittingChoice, newMention } from './mention.ts';
import {
  endLoosePart,
  mergePrefix,
  applyIngredients,
  tokenAfter,
  leadsToItem,
  type NumberToken,
  type Reading,
} from './reading.ts';

export function readNumber(reading: Reading, token: NumberToken, at: number): void {
  if (!token.countsThings) return;
  const next = tokenAfter(reading, at);
  const current = reading.current;
  const setChoice = token.counter === '세트' ? choicesNamed(reading, '세트') : [];
  const nextIsName =
    next?.type === 'name' &&
    (next.meaning.itemId !== null || next.meaning.categoryId !== null || leadsToItem(reading, at));
  if (
    reading.tokens[at + 1]?.type === 'word' &&
    /^[은는]$/.test(reading.tokens[at + 1]!.text) &&
    readPart(reading, token.value)
  )
    return;
  const isEnglish = /[a-z]/.test(token.text) || (nextIsName && /[a-z]/.test(next.text));
  if (
    current !== null &&
    !isEnglish &&
    !reading.afterAnd &&
    (current.quantity === null || reading.corrected)
  ) {
    current.quantity = token.value;
    current.vague = false;
    if (reading.each) spread(reading, token.value);
    const fitting =
      current.item === null ? null : fittingChoice(reading.menu, current.item, current.options, setChoice);
    if (fitting !== null) choose(reading.menu, current.options, fitting);
    reading.corrected = false;
    return;
  }
  if (
    nextIsName ||
    (isEnglish && next?.type === 'unknown') ||
    (isEnglish && current === null) ||
    reading.afterAnd
  ) {
    reading.prefix.quantity = token.value;
    if (setChoice[0] !== undefined) choose(reading.menu, reading.prefix.options, setChoice[0]);
    return;
  }
  if (current === null) {
    if (reading.loose.quantity !== null && !reading.corrected && reading.loose.quantity !== token.value)
      reading.loose.vague = true;
    reading.loose.quantity = token.value;
    reading.corrected = false;
    if (setChoice[0] !== undefined) choose(reading.menu, reading.loose.options, setChoice[0]);
  } else if (current.quantity !== token.value && !isEnglish) {
    current.vague = true;
  }
}

/** 하나는 …: deals out the amount of the current item, or of the line in question. True when it was that. */
function readPart(reading: Reading, value: number): boolean {
  const current = reading.current;
  if (current === null) {
    mergePrefix(reading);
    endLoosePart(reading);
    reading.loose.quantity = value;
    return true;
  }
  if (current.item === null || current.intent !== 'add') return false;
  if (current.parts !== null) {
    const { base, left } = current.parts;
    const part = newMention({
      ...current,
      joined: true,
      quantity: value,
      options: { ...base },
      drops: [],
      cannot: [],
    });
    part.parts = { base, left: left === null ? null : Math.max(0, left - value) };
    current.parts = null;
    reading.mentions.push(part);
    reading.current = part;
    reading.afterAnd = false;
    return true;
  }
  const whole = current.quantity;
  current.parts = {
    base: { ...current.options },
    left: whole === null || whole <= value ? null : whole - value,
  };
  current.quantity = value;
  reading.afterAnd = false;
  return true;
}

export function readVague(reading: Reading, at: number): void {
  const next = tokenAfter(reading, at);
  if (reading.current !== null && reading.current.quantity === null && !reading.afterAnd)
    reading.current.vague = true;
  else if (next?.type === 'name') reading.prefix.vague = true;
  else reading.loose.vague = true;
}

export function readDegree(reading: Reading, text: string): void {
  const waiting = reading.ingredients;
  if (waiting.length > 0) {
    reading.ingredients = [];
    for (const ingredient of waiting) {
      if (reading.current === null) reading.lost += ingredient.text.length;
      else reading.current.cannot.push(`${ingredient.text} ${text}`);
    }
  } else if (reading.current !== null && reading.current.quantity === null) reading.current.vague = true;
}

export function readMore(reading: Reading, latin: boolean): void {
  if (reading.ingredients.length > 0) applyIngredients(reading, 'add', reading.current, reading.ingredients);
  else if (latin) {
    reading.prefix.more = true;
    reading.prefix.quantity ??= 1;
  } else if (reading.current === null) reading.loose.more = true;
  else reading.current.more = true;
}

export function readEach(reading: Reading): void {
  const value = reading.current?.quantity;
  if (value == null) reading.each = true;
  else spread(reading, value);
}

/** 콜라랑 사이다 두 개씩: the amount is that of every item named together. */
function spread(reading: Reading, value: number): void {
  for (let at = reading.mentions.length - 2; at >= 0; at--) {
    const mention = reading.mentions[at]!;
    if (mention.quantity !== null || mention.intent !== 'add') break;
    mention.quantity = value;
  }
  reading.each = false;
}

function choicesNamed(reading: Reading, text: string): readonly ChoiceRef[] {
  const found = reading.lexicon.entriesAt(text, 0).find(({ length }) => length === text.length);
  return found?.entry.name?.choices ?? [];
}
