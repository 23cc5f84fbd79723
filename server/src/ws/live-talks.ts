import { AppError } from '../errors/app-error.ts';
import type { LiveTalk } from './live-talk.ts';
import type { TalkLimits } from './talk-limits.ts';

/** The conversations of this process, and how many one caller may have of them. */
export interface LiveTalks {
  find(sessionId: string): LiveTalk | undefined;
  /** Settles when the conversation of this session that ends now has kept all it had to keep; undefined when none does. */
  closing(sessionId: string): Promise<void> | undefined;
  /**
   * Makes sure that one more fits, if need be by letting go of one of the caller's own that lost its connection.
   *
   * @throws {AppError} OVERLOADED or RATE_LIMITED.
   */
  makeRoom(userId: string, address: string): void;
  add(talk: LiveTalk): void;
  /** Takes it off the list; `closed` is when its conversation is closed. */
  remove(talk: LiveTalk, closed: Promise<void>): void;
  all(): readonly LiveTalk[];
  connections(): number;
  readonly size: number;
}

const TRY_AGAIN_SECONDS = 5;

export function createLiveTalks(limits: TalkLimits): LiveTalks {
  const talks = new Map<string, LiveTalk>();
  const closing = new Map<string, Promise<void>>();
  const count = (isCounted: (talk: LiveTalk) => boolean): LiveTalk[] => [...talks.values()].filter(isCounted);

  const fit = (mine: readonly LiveTalk[], limit: number, whose: string) => {
    if (mine.length < limit) return;
    const waiting = mine
      .filter(({ lostAtMs }) => lostAtMs !== null)
      .sort((one, other) => one.lostAtMs! - other.lostAtMs!);
    if (waiting[0] === undefined) {
      throw new AppError('RATE_LIMITED', {
        detail: `${whose} holds ${limit} conversations already; end one of them first.`,
        retryAfterSeconds: TRY_AGAIN_SECONDS,
      });
    }
    void waiting[0].end('lost');
  };

  return {
    find: (sessionId) => talks.get(sessionId),
    closing: (sessionId) => closing.get(sessionId),
    makeRoom(userId, address) {
      // Kiosks have no names: theirs is the address.
      if (userId.startsWith('usr_'))
        fit(
          count((talk) => talk.userId === userId),
          limits.maxPerPerson,
          'This person',
        );
      fit(
        count((talk) => talk.address === address),
        limits.maxPerAddress,
        'This address',
      );
      if (talks.size < limits.maxConversations) return;
      throw new AppError('OVERLOADED', {
        detail: `The server holds ${limits.maxConversations} conversations, as many as it may.`,
        retryAfterSeconds: TRY_AGAIN_SECONDS,
      });
    },
    add: (talk) => void talks.set(talk.sessionId, talk),
    remove(talk, closed) {
      talks.delete(talk.sessionId);
      const settled = closed
        .catch(() => {})
        .then(() => {
          if (closing.get(talk.sessionId) === settled) closing.delete(talk.sessionId);
        });
      closing.set(talk.sessionId, settled);
    },
    all: () => [...talks.values()],
    connections: () => count(({ lostAtMs }) => lostAtMs === null).length,
    get size() {
      return talks.size;
    },
  };
}
