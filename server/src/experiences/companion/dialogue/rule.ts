import { formatMessage, type MessageKey } from '@malbeot/protocol/messages';
import type { Emotion, Said } from '../../../conversation/dialogue.ts';
import type { Asked, CompanionState } from './state.ts';
import type { Words } from './words.ts';

/** One utterance as a rule sees it. */
export interface RuleTurn extends Words {
  readonly state: CompanionState;
  /** What was said before, oldest first; of replies, what was heard. */
  readonly history: readonly Said[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly timeZone: string;
  /** Which wording or which story of a group was taken last; what is taken is written here. */
  readonly taken: Record<string, number>;
  /** A whole number from 0 up to below `count`. */
  draw(count: number): number;
  /** One of the wordings of `key`, never the one that was taken last. */
  say(key: MessageKey, values?: Readonly<Record<string, string | number>>): string;
}

/** What a rule answers. */
export interface RuleReply {
  readonly text: string;
  readonly emotion?: { readonly name: Emotion; readonly intensity: number };
  readonly asked?: Asked;
  /** What changes of the state beside what every turn changes. */
  readonly state?: Partial<Pick<CompanionState, 'name' | 'facts' | 'unheard'>>;
  /** What was said beside it, to be answered too. */
  readonly rest?: string;
  /** True when it only fills in for an answer that nobody knows: a language model may know better. */
  readonly isGuess?: boolean;
}

/** Answers an utterance, or leaves it to the rules after it. */
export type Rule = (turn: RuleTurn) => RuleReply | null;

/** Makes `say` of a turn. */
export function createWording({
  language,
  draw,
  taken,
}: Pick<RuleTurn, 'language' | 'draw' | 'taken'>): RuleTurn['say'] {
  return (key, values = {}) => {
    const safe = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        typeof value === 'string' ? value.replaceAll('|', '/') : value,
      ]),
    );
    const wordings = formatMessage(language, key, safe).split(' | ');
    const last = taken[key];
    const index =
      last === undefined || wordings.length === 1
        ? draw(wordings.length)
        : (last + 1 + draw(wordings.length - 1)) % wordings.length;
    if (wordings.length > 1) taken[key] = index;
    return wordings[index]!;
  };
}
