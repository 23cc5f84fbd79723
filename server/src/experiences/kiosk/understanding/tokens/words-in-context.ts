import { hasRole, type Token } from './tokens.ts';

/** Adverbs that are of a voice where the talk is of hearing, and of a size elsewhere. */
const OF_A_VOICE: readonly (readonly [begins: string, role: 'louder' | 'quieter'])[] = [
  ['크게', 'louder'],
  ['작게', 'quieter'],
];

/** The tokens with those words read anew that mean something else beside what is said around them. */
export function inContext(tokens: readonly Token[]): readonly Token[] {
  return withSpeechWords(tokens).map(
    (token, at) =>
      asPointer(token, tokens[at + 1]) ??
      asManner(token, tokens.slice(at + 1)) ??
      asInstead(token, tokens[at - 1], tokens[at + 1]) ??
      token,
  );
}

/** 이렇게 하나씩: says how, and ends nothing; null where it ends the order. */
function asManner(token: Token, rest: readonly Token[]): Token | null {
  if (!hasRole(token, 'finish') || token.text !== '이렇게') return null;
  const isLast = rest.every((other) => other.type === 'word' && !hasRole(other, 'each', 'more', 'all'));
  if (isLast) return null;
  const { start, end, text, afterBreak } = token;
  return { type: 'word', start, end, text, afterBreak, roles: ['filler'] };
}

/** 콜라 싫어 사이다: not the one but the other; null when it is not. */
function asInstead(token: Token, before: Token | undefined, next: Token | undefined): Token | null {
  const isBetween = isItem(before) && isItem(next);
  if (!isBetween || !hasRole(token, 'no', 'enough') || !/^(?:싫|됐)/.test(token.text)) return null;
  const { start, end, text, afterBreak } = token;
  return { type: 'word', start, end, text, afterBreak, roles: ['instead'] };
}

function isItem(token: Token | undefined): boolean {
  return token?.type === 'name' && token.meaning.itemId !== null;
}

/** 그거만 빼 주세요: points at something, where 그거만 alone ends the order; null when it does not. */
function asPointer(token: Token, next: Token | undefined): Token | null {
  if (!hasRole(token, 'finish') || !/^[그이저][거것]만$/.test(token.text)) return null;
  if (!hasRole(next, 'remove', 'cancel', 'change', 'add', 'keep')) return null;
  const { start, end, text, afterBreak } = token;
  return { type: 'reference', start, end, text, afterBreak, reference: { type: 'last' } };
}

/** 소리가 안 들려요, 크게 해 주세요: the size words of what is said about hearing, as words about the voice. */
function withSpeechWords(tokens: readonly Token[]): readonly Token[] {
  const aboutHearing = tokens.some(
    (token) => hasRole(token, 'sound') || (hasRole(token, 'repeat') && /들[려렸었]/.test(token.text)),
  );
  const namesItem = tokens.some((token) => token.type === 'name' && token.meaning.itemId !== null);
  if (!aboutHearing || namesItem) return tokens;
  return tokens.map((token): Token => {
    const role = OF_A_VOICE.find(([begins]) => token.text.startsWith(begins))?.[1];
    if (role === undefined || token.type !== 'name') return token;
    const { start, end, text, afterBreak } = token;
    return { type: 'word', start, end, text, afterBreak, roles: [role] };
  });
}
