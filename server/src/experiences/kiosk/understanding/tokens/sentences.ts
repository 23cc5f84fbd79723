import { isLatin } from '../reader/lookahead.ts';
import { hasRole, type Token } from './tokens.ts';

/**
 * An utterance cut around its questions: 콜라 얼마예요? 하나 주세요; 콜라 하나 주시고 사이다는 얼마예요? One sentence where nothing
 * is asked, or nothing but asked.
 */
export function sentencesOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const sentences: (readonly Token[])[] = [];
  let start = 0;
  const cutAt = (at: number) => {
    if (at > start) sentences.push(tokens.slice(start, at));
    start = Math.max(start, at);
  };
  for (let at = 0; at < tokens.length; at++) {
    if (!hasRole(tokens[at], 'asks')) continue;
    if (isLatin(tokens[at])) {
      // English asks first: a coke, and how much is a pie? I'll take two.
      if (isOrder(tokens.slice(start, at))) cutAt(at);
      const wish = tokens.findIndex(
        (token, index) => index > at && hasRole(token, 'want') && token.text !== 'please',
      );
      if (wish < 0) break;
      cutAt(wish);
      break;
    }
    cutAt(beginningOf(tokens, start, at));
    let end = at + 1;
    while (end < tokens.length && hasRole(tokens[end], 'asks', 'particle')) end++;
    if (!ordersSomething(tokens.slice(end)) && !asksAgain(tokens.slice(end))) continue;
    cutAt(end);
    at = end - 1;
  }
  return [...sentences, tokens.slice(start)];
}

/** Where the question that ends at `asks` begins: behind the verb of what is ordered before it, else at `start`. */
function beginningOf(tokens: readonly Token[], start: number, asks: number): number {
  const names = tokens.flatMap((token, at) =>
    token.type === 'name' && at >= start && at < asks ? [at] : [],
  );
  const last = names.at(-1);
  if (last === undefined) return start;
  for (let at = asks - 1; at > start; at--) {
    if (!hasRole(tokens[at], 'want', 'order', 'add', 'remove')) continue;
    const about = names.some((name) => name > at);
    return about && isOrder(tokens.slice(start, at + 1)) ? at + 1 : start;
  }
  return start;
}

function isOrder(tokens: readonly Token[]): boolean {
  const isNamed = tokens.some(({ type }) => type === 'name');
  return (
    isNamed && tokens.some((token) => token.type === 'number' || hasRole(token, 'want', 'remove', 'add'))
  );
}

function ordersSomething(rest: readonly Token[]): boolean {
  const says = rest.some(
    (token) => hasRole(token, 'want', 'order', 'add', 'finish', 'yes') || token.type === 'number',
  );
  return says && !rest.some((token) => hasRole(token, 'asks', 'price', 'what', 'popular'));
}

/** 라떼는 얼마고 콜라는 얼마예요: another question about another thing. */
function asksAgain(rest: readonly Token[]): boolean {
  return rest.some(({ type }) => type === 'name') && rest.some((token) => hasRole(token, 'asks'));
}
