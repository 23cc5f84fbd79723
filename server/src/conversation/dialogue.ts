import type { Heard } from './heard.ts';

export type Emotion = 'neutral' | 'joy' | 'sadness' | 'anger' | 'fear' | 'surprise' | 'love';

/** What the screen should do; an experience narrows `type` and `data` to its own. */
export interface ScreenAction {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a dialogue says and does, as it comes. */
export type DialogueEvent =
  /** To show and, unless silent, to speak. */
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'emotion'; readonly name: Emotion; readonly intensity: number }
  | { readonly type: 'gesture'; readonly name: string }
  /** What the screen should do. */
  | { readonly type: 'action'; readonly action: ScreenAction }
  /** The order, the stage, the reading: the experience's own. */
  | { readonly type: 'state'; readonly state: unknown };

export interface DialogueContext {
  readonly sessionId: string;
  readonly turnId: string;
  /** The language of the session, which words in this turn may change. */
  readonly language: string;
  /** State as the last turn left it; null in a new session. */
  readonly state: unknown;
  /** What was said before, oldest first; of replies, only what the person heard. */
  readonly history?: readonly Said[];
}

/** One thing that was said, by either side. */
export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/**
 * The part of an experience that decides what to say and do for a turn. It has no effects of its own: it yields events,
 * and whoever runs the turn makes them true.
 */
export interface Dialogue<Input = Heard> {
  /** Id for `meta.providers.mind`, for example `rules`. */
  readonly mind: string;
  respond(turn: Input, context: DialogueContext, signal: AbortSignal): AsyncIterable<DialogueEvent>;
}
