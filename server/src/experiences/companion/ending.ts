import type { CompanionTopic, EndedSession, Language } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import type { Who } from '../../accounts/access.ts';
import type { Clock } from '../../lib/clock.ts';
import type { CompanionSession, KeptTurn } from './records.ts';
import type { CompanionSessions } from './sessions.ts';
import { COUNTED_TURNS, heardIn, iso, toMinutes } from './stats.ts';
import type { CompanionStore } from './store.ts';
import { topicsOf } from './topics.ts';
import type { TurnOrder } from './turn-order.ts';

const TOPICS = 5;
/** Longer words of a person are cut in a summary. */
const LONGEST_QUOTE = 60;

/** Ends sessions. */
export interface CompanionEnding {
  /** Ends a session after the turns that came before; one that has ended is told as it was kept. */
  end(sessionId: string, who: Who, signal: AbortSignal): Promise<EndedSession>;
}

export interface CompanionEndingOptions {
  readonly store: CompanionStore;
  readonly sessions: CompanionSessions;
  readonly order: TurnOrder;
  readonly clock: Clock;
  /** Told of a session that has just ended, so that whoever talks in it can be let go. */
  readonly onEnded: (sessionId: string) => void;
}

export function createCompanionEnding(options: CompanionEndingOptions): CompanionEnding {
  const { store, sessions, order, clock, onEnded } = options;
  return {
    async end(sessionId, who, signal) {
      // Whether they may is told at once, not when their turn has come.
      await sessions.find(sessionId, who);
      return order.run(sessionId, signal, async () => {
        const session = await sessions.find(sessionId, who);
        const turns = await store.turns({ sessionId }, COUNTED_TURNS);
        const topics = topicsOf(heardIn(turns)).slice(0, TOPICS);
        if (session.endedAt !== null)
          return toAnswer(session, session.endedAt, session.summary ?? '', topics);
        const endedAt = clock.now();
        const summary = summaryOf(session, turns, await store.firstTurn(sessionId), topics);
        await store.end(sessionId, endedAt, summary);
        onEnded(sessionId);
        return toAnswer(session, endedAt, summary, topics);
      });
    },
  };
}

function toAnswer(
  { sessionId, turns, talkMs }: CompanionSession,
  endedAt: number,
  summary: string,
  topics: readonly CompanionTopic[],
): EndedSession {
  return {
    session_id: sessionId,
    ended_at: iso(endedAt),
    turns,
    minutes: toMinutes(talkMs),
    summary,
    topics,
  };
}

/** Only what can be counted and quoted: how much, about what, how it began and ended. */
function summaryOf(
  { language, turns: count, talkMs }: CompanionSession,
  turns: readonly KeptTurn[],
  first: KeptTurn | null,
  topics: readonly CompanionTopic[],
): string {
  const last = turns.at(-1);
  if (first === null || last === undefined) return formatMessage(language, 'companion.summary.nothing');
  const told = [
    formatMessage(language, 'companion.summary.counts', { turns: count, minutes: toMinutes(talkMs) }),
  ];
  if (topics.length > 0) {
    const names = topics.map(({ topic }) => topic).join(', ');
    told.push(formatMessage(language, 'companion.summary.topics', { topics: names }));
  }
  const begun = formatMessage(language, 'companion.summary.first', { words: quote(first.heard, language) });
  told.push(begun);
  if (last.turnId !== first.turnId) {
    told.push(formatMessage(language, 'companion.summary.last', { words: quote(last.heard, language) }));
  }
  return told.join(' ');
}

function quote(text: string, language: Language): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1).trimEnd()}…` : text;
  return language === 'ko' ? `‘${short}’` : `“${short}”`;
}
