import type { DialogueEvent, Said } from '../../../conversation/dialogue.ts';
import { createManualClock, type ManualClock } from '../../../providers/fake/manual-clock.ts';
import { createCompanionDialogue } from './dialogue.ts';
import type { ModelTalk } from './model.ts';
import { readState, type CompanionState } from './state.ts';

/** 2026-11-21, a Saturday, 18:05 in Seoul. */
export const EVENING = Date.UTC(2026, 10, 21, 9, 5);

export interface TalkTestOptions {
  readonly language?: 'ko' | 'en';
  readonly now?: number;
  readonly model?: ModelTalk;
  /** Bytes drawn one after the other, from the start again at the end; zeros when absent. */
  readonly draws?: readonly number[];
}

/** What one turn gave. */
export interface TestTurn {
  readonly text: string;
  readonly deltas: readonly string[];
  readonly emotions: readonly string[];
  readonly state: CompanionState;
}

/** A session with the dialogue alone. */
export interface TalkTest {
  readonly clock: ManualClock;
  readonly history: Said[];
  /** Says something and hears all of the reply, or its first `heard` characters. */
  say(text: string, options?: { readonly heard?: number }): Promise<TestTurn>;
}

export function openTalkTest({
  language = 'ko',
  now = EVENING,
  model,
  draws = [0],
}: TalkTestOptions = {}): TalkTest {
  const clock = createManualClock(now);
  let drawn = 0;
  const dialogue = createCompanionDialogue({
    clock,
    random: (length) =>
      Uint8Array.from({ length }, (_, at) => (at === length - 1 ? draws[drawn++ % draws.length]! : 0)),
    model: model ?? null,
  });
  const history: Said[] = [];
  let state: unknown = null;
  const { signal } = new AbortController();
  return {
    clock,
    history,
    async say(text, { heard } = {}) {
      const turn = { text, language, source: 'text', confidence: null } as const;
      const context = { sessionId: 'ses_1', turnId: 'trn_1', language, state, history: [...history] };
      const events: DialogueEvent[] = [];
      for await (const event of dialogue.respond(turn, context, signal)) events.push(event);
      const deltas = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));
      const reply = deltas.join('');
      // As the wire and the tables do it.
      state = JSON.parse(JSON.stringify(events.findLast((event) => event.type === 'state')!.state));
      history.push({ role: 'user', text });
      const part = reply.slice(0, heard ?? reply.length);
      if (part !== '') history.push({ role: 'assistant', text: part });
      return {
        text: reply,
        deltas,
        emotions: events.flatMap((event) => (event.type === 'emotion' ? [event.name] : [])),
        state: readState(state)!,
      };
    },
  };
}
