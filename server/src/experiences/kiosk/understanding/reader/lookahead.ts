import type { Role } from '../words/roles.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';

/** Index of the next token that says something: particles and fillers stepped over; -1 when there is none. */
export function nextIndex(tokens: readonly Token[], at: number): number {
  for (let index = at + 1; index < tokens.length; index++) {
    if (!hasRole(tokens[index], 'particle', 'filler')) return index;
  }
  return -1;
}

/** The next token that says something. */
export function tokenAfter(tokens: readonly Token[], at: number): Token | undefined {
  return tokens[nextIndex(tokens, at)];
}

/** The token before that says something. */
export function tokenBefore(tokens: readonly Token[], at: number): Token | undefined {
  for (let index = at - 1; index >= 0; index--) {
    if (!hasRole(tokens[index], 'particle', 'filler')) return tokens[index];
  }
  return undefined;
}

/** True when only particles stand between here and a word with one of these roles. */
export function leadsTo(tokens: readonly Token[], at: number, ...roles: readonly Role[]): boolean {
  for (let index = at + 1; index < tokens.length; index++) {
    if (hasRole(tokens[index], ...roles)) return true;
    if (!hasRole(tokens[index], 'particle')) return false;
  }
  return false;
}

/** True when this word is one of `particles`, right behind. */
export function isFollowedBy(tokens: readonly Token[], at: number, particles: ReadonlySet<string>): boolean {
  let index = at + 1;
  while (STEPPED_OVER.has(tokens[index]?.text ?? '')) index++;
  const token = tokens[index];
  return token?.type === 'word' && particles.has(token.text);
}

/** 거 as in 라지 거는. */
const STEPPED_OVER = new Set(['거', '꺼', '것']);
export const TOPIC = new Set(['은', '는', '은요', '는요', '건', '거는', '것은', '꺼는']);
export const OBJECT = new Set(['을', '를']);
export const AMONG = new Set(['중', '중에', '중에서', '가운데']);
export const ONLY = new Set(['만', '만요', '씩만', '에만', '에만요', '한테만']);
/** 저는 얼죽아라서: of the person, not of the order. */
export const BECAUSE = new Set([
  '라',
  '이라',
  '라서',
  '라서요',
  '이라서',
  '이라서요',
  '니까',
  '니까요',
  '이니까',
  '이니까요',
  '거든',
  '거든요',
  '이거든요',
]);
export const TOO = new Set(['도', '도요']);

/** The amount said right behind the name at `at`; null when there is none. One that begins a part (하나는) is not meant. */
export function ownNumber(tokens: readonly Token[], at: number): number | null {
  let index = nextIndex(tokens, at);
  while (isOption(tokens[index]) || hasRole(tokens[index], 'to')) index = nextIndex(tokens, index);
  const token = tokens[index];
  if (token?.type !== 'number' || !token.countsThings || isFollowedBy(tokens, index, TOPIC)) return null;
  return token.value;
}

/** True for a size, a temperature and the like: no item, no part of one. */
function isOption(token: Token | undefined): boolean {
  return token?.type === 'name' && token.meaning.itemId === null && token.meaning.choices.length > 0;
}

/** The next verb, unless an item is named before it. */
export function verbAfter(tokens: readonly Token[], at: number): Role | null {
  for (let index = at + 1; index < tokens.length; index++) {
    const token = tokens[index]!;
    if (token.type === 'name' && token.meaning.itemId !== null) return null;
    for (const role of VERBS) if (hasRole(token, role)) return role;
  }
  return null;
}

const VERBS = ['change', 'remove', 'cancel', 'add', 'instead', 'want'] as const;

/** True when the token is written in Latin letters. */
export function isLatin(token: Token | undefined): boolean {
  return token !== undefined && /[a-z]/.test(token.text);
}

/** one of the sets: so many of what stands. */
export function isOfThose(tokens: readonly Token[], at: number): boolean {
  return (
    isLatin(tokens[at]) &&
    /^(?:the|my|those|these)$/.test(tokens[at - 1]?.text ?? '') &&
    tokens[at - 2]?.text === 'of' &&
    tokens[at - 3]?.type === 'number'
  );
}
