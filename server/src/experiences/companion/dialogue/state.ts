import { isRecord } from '../../../lib/is-record.ts';

/** What the companion asked last, so that a bare "yes" or a name is understood. */
export type Asked = 'name' | 'story' | 'joke' | 'hand' | null;

/** What the companion keeps between two turns of a session. */
export interface CompanionState {
  readonly version: 1;
  /** Turns answered so far. */
  readonly turns: number;
  /** The person's name, as they said it. */
  readonly name: string | null;
  /** What they told of themselves: `생일` → `5월 3일`. */
  readonly facts: Readonly<Record<string, string>>;
  /** All of the last reply as it was made, heard or not. */
  readonly lastReply: string;
  /** What a person who cut in has not heard of a longer reply. */
  readonly unheard: string | null;
  readonly asked: Asked;
  /** Which wording of a group was taken last. */
  readonly wordings: Readonly<Record<string, number>>;
  /** Who found the words of the last reply: `rules`, or the id of a language model. */
  readonly mind: string;
}

export const FIRST_STATE: CompanionState = {
  version: 1,
  turns: 0,
  name: null,
  facts: {},
  lastReply: '',
  unheard: null,
  asked: null,
  wordings: {},
  mind: 'rules',
};

/** `state` as the companion left it; null for a new session, or what another version of it left. */
export function readState(state: unknown): CompanionState | null {
  return isRecord(state) && state['version'] === 1 ? (state as unknown as CompanionState) : null;
}
