import { normaliseUtterance } from '../../../../language/normalise.ts';
import type { Menu } from '../../menu.ts';
import type { Role } from '../words/roles.ts';
import { segmentBySound, SOUND } from '../tokens/sound-match.ts';
import { hasRole, type Token } from '../tokens/tokens.ts';
import { lexiconOf } from '../understand.ts';

/** A stretch of an utterance: its first and last token. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An utterance cut as the rules cut it, to hold a model's reading against. */
export interface HeardWords {
  readonly tokens: readonly Token[];
  /** The texts of the tokens in a row. */
  readonly text: string;
  /** The token that holds the character at `at` of `text`. */
  tokenAt(at: number): number;
  has(...roles: readonly Role[]): boolean;
}

const LONGEST = 300;

export function hearWords(said: string, menu: Menu): HeardWords {
  const tokens = segmentBySound(normaliseUtterance(said.slice(0, LONGEST)), lexiconOf(menu));
  const owners: number[] = [];
  let text = '';
  for (const [index, token] of tokens.entries()) {
    for (let at = 0; at < token.text.length; at++) owners.push(index);
    text += token.text;
  }
  return {
    tokens,
    text,
    tokenAt: (at) => owners[at]!,
    has: (...roles) => tokens.some((token) => hasRole(token, ...roles)),
  };
}

/** Whether the name in a token was heard surely, by the same measure that the rules take one by. */
export function isHeardSurely(token: Token): boolean {
  if (token.type !== 'name') return false;
  const { guess } = token;
  return guess === null || (guess.distance <= SOUND.take && guess.runnerUp - guess.distance >= SOUND.margin);
}

/** The first token from `at` on, in steps of `step`, that is more than a particle. */
export function nextThat(
  { tokens }: Pick<HeardWords, 'tokens'>,
  at: number,
  step: 1 | -1,
): Token | undefined {
  for (let index = at; index >= 0 && index < tokens.length; index += step) {
    if (!hasRole(tokens[index], 'particle', 'filler')) return tokens[index];
  }
  return undefined;
}

/** Begins what says that a thing is not wanted, right after its name. */
const UNWANTED = /^(?:말고|말구|대신|빼|싫|별로|없|아니|안먹|안마)/;

/** True when what stands in `span` is said not to be wanted: 콜라 말고, 그건 싫고, without cola. */
export function isUnwanted(words: HeardWords, { from, to }: Span): boolean {
  const after = nextThat(words, to + 1, 1);
  if (hasRole(after, 'instead', 'remove', 'without', 'cancel', 'no')) return true;
  if (after !== undefined && UNWANTED.test(after.text)) return true;
  const before = nextThat(words, from - 1, -1);
  return before !== undefined && /^(?:no|not|without|instead ?of)$/.test(before.text);
}
