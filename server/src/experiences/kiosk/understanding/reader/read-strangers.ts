import { BECAUSE, isFollowedBy, isLatin, leadsTo, OBJECT, tokenAfter, tokenBefore } from './lookahead.ts';
import { newMention } from './mention.ts';
import { begin, leaveIngredients, type NameToken, type Reading, type UnknownToken } from './reading.ts';
import { hasRole } from '../tokens/tokens.ts';

/** 치킨 하나: several things are called so, or one thing is, by its whole name. */
export function readPartOfName(reading: Reading, token: NameToken, at: number): void {
  const { tokens } = reading;
  const previous = tokens[at - 1];
  const following = tokens[at + 1];
  if (previous?.type === 'unknown' && !isTalk(previous.text)) {
    reading.lost -= previous.text.length;
    return beginStranger(reading, previous.text + token.text, at, []);
  }
  if (following?.type === 'unknown' && !isTalk(following.text))
    return beginStranger(reading, token.text + following.text, at, []);
  const leadsOn = following?.type === 'name' && following.meaning.itemId !== null;
  if (leadsOn || !isWanted(reading, at)) {
    reading.lost += token.text.length;
    return;
  }
  beginStranger(reading, token.text, at, token.meaning.partOf.slice(0, 3));
}

/** Letters that mean nothing here: lost, unless they are said as something to order or to leave out. */
export function readUnknown(reading: Reading, token: UnknownToken, at: number): void {
  const { tokens } = reading;
  reading.lost += token.text.length;
  const following = tokens[at + 1];
  const before = tokens[at - 1];
  if (before?.type === 'name' && !token.afterBreak && reading.current?.said.endsWith(token.text) === true)
    return;
  if (
    following?.type === 'name' &&
    !(following.meaning.choices.length > 0 && following.meaning.itemId === null)
  )
    return;
  if (isTalk(token.text) && reading.current === null) {
    // 둘이 왔는데요: no amount of anything.
    reading.pre.quantity = null;
    reading.pre.vague = false;
  }
  if (token.text.length < 2 || isTalk(token.text) || isFollowedBy(tokens, at, BECAUSE)) return;
  // 양파를 못 묵어: what is done to something is a verb.
  if (OBJECT.has(before?.text ?? '') && !leadsTo(tokens, at, 'to')) return;
  const verb = tokenAfter(tokens, at);
  if (
    hasRole(verb, 'remove', 'without', 'degree') ||
    (hasRole(tokenBefore(tokens, at), 'without') && isLatin(token))
  ) {
    reading.lost -= token.text.length;
    reading.unoffered = token.text;
    return;
  }
  const alone = tokens.every((other) => other === token || hasRole(other, 'particle'));
  if (!isWanted(reading, at) || (alone && token.nearest.length === 0)) return;
  reading.lost -= token.text.length;
  leaveIngredients(reading, true);
  beginStranger(reading, token.text, at, token.nearest);
}

/** Begins to read about something that is not on the menu; `nearest`: ids of items that it sounds like. */
export function beginStranger(reading: Reading, said: string, at: number, nearest: readonly string[]): void {
  if (reading.corrected && reading.current !== null) reading.current.intent = 'replaced';
  reading.corrected = false;
  begin(reading, newMention({ kind: 'stranger', said, joined: reading.afterAnd, nearest }), at);
}

/** True when what stands at `at` is said as something to order. */
function isWanted({ tokens, pre }: Reading, at: number): boolean {
  const next = tokenAfter(tokens, at);
  if (next === undefined) return true;
  if (isLatin(tokens[at]) && (pre.quantity !== null || hasRole(tokenBefore(tokens, at), 'want', 'and')))
    return true;
  return (
    next.type === 'number' ||
    hasRole(next, 'want', 'order', 'and', 'vague', 'have', 'price', 'remove', 'add', 'cancel') ||
    (next.type === 'name' && next.meaning.itemId === null && !hasRole(tokens[at + 1], 'filler'))
  );
}

/** Stems of what is said about an order, whatever its ending. */
const TALK = /^(?:많|괜찮|비싸|비쌀|모자라|모자랄|부족|충분|배고|배부|맛있|맛없|좋아|싫어|왔|갔|했|됐|있|없)/;

/** Korean words that end like a verb are talk, not the name of a dish. */
export function isTalk(text: string): boolean {
  if (TALK.test(text)) return true;
  return /(?:(?:네|는데|은데|던데|인데|건데|니까|거든|려고|지만)요?|어서|아서|라서|면서|..서|다가|어요|아요|여요|세요|니다|겠어|워|고파|말라|더라|잖아|라고|다고|대요|은요|는요|스러운|다란|끈한|끈끈한|있는|좋은)$/.test(
    text,
  );
}
