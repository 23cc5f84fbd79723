import { nextIndex, tokenBefore } from './lookahead.ts';
import { choose, newMention, possibleChoice, saysAnything, type Mention } from './mention.ts';
import { flushLoose, takeBackIngredients, targetOf, type Reading } from './reading.ts';
import { hasRole } from '../tokens/tokens.ts';

/** 바꿔: what was just said is of a line that stands, or takes its place. */
export function readChange(reading: Reading, latin: boolean, at: number): void {
  const { current, pre } = reading;
  if (latin) return readEnglishChange(reading, at);
  if (current === null) {
    if (reading.afterInstead !== null || pre.forSet) return;
    if (saysAnything(pre)) {
      pre.intent = 'change';
      flushLoose(reading);
    } else pre.intent = 'change';
    return;
  }
  const before = reading.mentions
    .slice(0, reading.mentions.indexOf(current))
    .findLast(({ isRest }) => !isRest);
  // 두 개는 치즈버거 세트로 바꿔 주세요
  const isMarked = current.marked || (reading.row !== null && Object.keys(current.options).length > 0);
  const becomes = current.kind === 'item' && isMarked && current.replaces === null && !current.joined;
  if (becomes && before !== undefined && turnInto(reading, before, current)) return;
  if (current.replaces !== null) return;
  if (becomes && before === undefined && current.quantity === null) {
    // 사이다로 바꿔 주세요: what was last touched becomes that.
    current.replaces = newMention({ kind: 'loose', reference: null });
    return;
  }
  if (becomes && before === undefined && reading.row !== null) {
    // 한 잔은 라떼로 바꿔 주세요: so many of what was last touched.
    current.replaces = newMention({ kind: 'loose', reference: null, quantity: current.quantity });
    return;
  }
  for (const target of reading.every ?? [current]) target.intent = 'change';
  if (current.kind === 'loose') current.closed = true;
}

/** X를 Y로 바꿔: Y is a choice of X where X can have it, else it takes the place of X. */
function turnInto(reading: Reading, before: Mention, current: Mention): boolean {
  if (before.intent !== 'add' && before.intent !== 'change') return false;
  if (before.kind === 'item') {
    if (before.closed && before.quantity !== null) return false;
    const choice = possibleChoice(before.item!, current.meaning?.choices ?? []);
    if (choice !== null) {
      choose(reading.menu, before.options, choice);
      current.intent = 'replaced';
      before.intent = 'change';
      reading.current = before;
      return true;
    }
  } else if (before.kind !== 'loose') return false;
  before.intent = 'replaced';
  current.replaces = before;
  return true;
}

function readEnglishChange(reading: Reading, at: number): void {
  const { current, tokens } = reading;
  const next = tokens[nextIndex(tokens, at)];
  if (
    current !== null &&
    next?.type === 'name' &&
    next.meaning.itemId !== null &&
    !reading.afterAnd &&
    reading.corrected
  )
    return;
  if (
    current !== null &&
    current.kind === 'item' &&
    !reading.afterAnd &&
    !current.closed &&
    next?.type !== 'reference' &&
    tokens[at]!.text.startsWith('make')
  ) {
    // two cokes, make that three
    reading.corrected = true;
    return;
  }
  reading.verbFirst = 'change';
  reading.changes = true;
  reading.current = null;
  reading.afterAnd = false;
  if (/it|that|them/.test(tokens[at]!.text)) reading.pre.intent = 'change';
}

/** 말고, instead of: what was just said is not wanted, what follows is; in English the other way about. */
export function readInstead(reading: Reading, latin: boolean, at: number): void {
  const { current, tokens } = reading;
  if (reading.afterInstead !== null) return;
  if (reading.ingredients.length > 0) {
    takeBackIngredients(reading);
    return;
  }
  const before = tokenBefore(tokens, at);
  if (latin && current === null) {
    reading.negated = true;
    return;
  }
  if (latin && current !== null) {
    reading.insteadOf = current;
    return;
  }
  if (before?.type === 'number' || hasRole(before, 'vague')) {
    const target = targetOf(reading);
    target.quantity = null;
    target.vague = false;
    // 아니 콜라 두 잔 말고 세 잔: it is the amount that is denied, not what stands.
    if (current === null || current.denies !== null) target.intent = 'change';
    reading.corrected = true;
    return;
  }
  if (current === null) return;
  const index = reading.mentions.indexOf(current);
  const previous = reading.mentions[index - 1];
  const more = tokens
    .slice(at + 1)
    .some(({ type }) => type === 'name' || type === 'number' || type === 'unknown');
  current.intent = 'replaced';
  reading.corrected = false;
  if (!more && previous?.kind === 'item' && previous.replaces === null) {
    // 사이다로 주세요 콜라 말고
    previous.replaces = current;
    reading.current = previous;
    return;
  }
  // 치즈버거 하나 … 치즈버거 말고: the one just said.
  const same = reading.mentions.findLast(
    (mention) =>
      mention !== current &&
      mention.item !== null &&
      mention.item === current.item &&
      mention.intent === 'add',
  );
  if (same !== undefined) {
    same.intent = 'replaced';
    current.quantity ??= same.quantity;
  }
  reading.afterInstead = { groupIds: [], mention: current };
  reading.current = null;
}

/** onion rings instead: they take the place of what was just taken off, or of what was last touched. */
export function readTrailingInstead({ current, mentions }: Reading): void {
  if (current?.kind !== 'item') return;
  const before = mentions[mentions.indexOf(current) - 1];
  current.intent = 'add';
  current.marked = true;
  if (current.article) current.quantity = null;
  if (before === undefined && current.replaces === null)
    current.replaces = newMention({ kind: 'loose', reference: null });
}
