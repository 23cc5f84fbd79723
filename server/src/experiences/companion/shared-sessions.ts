import type { DialogueContext, Said } from '../../conversation/dialogue.ts';
import type { FinishedTurn } from '../../conversation/ports.ts';
import { mergeStates } from './dialogue/merge-states.ts';

/** Sessions of this process, each with the ways into it: a live conversation, and requests beside it. */
export interface SharedSessions {
  open(sessionId: string): SessionWay;
}

/** One way into a session. What it says and learns, the others are told, and it is told theirs. */
export interface SessionWay {
  /** Is told of the others' turns from now on, until what it returns is called. A way for one turn need not. */
  join(): () => void;
  /** `context` with what was said and learned by other ways. */
  contextOf(context: DialogueContext): DialogueContext;
  /** Notes that `state` was made in `context`, which `contextOf` gave. */
  noteState(state: unknown, context: DialogueContext): void;
  /** What the session's state becomes by a turn that made `state`, where `stored` is what it is now. */
  stateOver(state: unknown, stored: unknown): unknown;
  /** A turn of this way was kept. */
  noteKept(turn: FinishedTurn): void;
  /** What was said in the session, where `own` is what was said by this way. */
  said(own: readonly Said[]): readonly Said[];
}

/** A turn of another way. */
interface OtherTurn {
  readonly said: readonly Said[];
  readonly before: unknown;
  /** Undefined when it left the state as it was. */
  readonly after: unknown;
  /** How many turns of this way had been kept before it. */
  readonly ownKept: number;
}

/** Turns of others that a conversation is told of singly; older ones go together as one. */
const MOST_OTHERS = 64;
/** As much as a conversation remembers by itself: twenty turns. */
const MOST_SAID = 40;

export function createSharedSessions(): SharedSessions {
  const joined = new Map<string, Set<Way>>();
  return {
    open(sessionId) {
      const way: Way = new Way({
        join() {
          const ways = joined.get(sessionId) ?? new Set();
          joined.set(sessionId, ways.add(way));
          return () => {
            ways.delete(way);
            if (ways.size === 0 && joined.get(sessionId) === ways) joined.delete(sessionId);
          };
        },
        tell(turn) {
          for (const other of joined.get(sessionId) ?? []) if (other !== way) other.hear(turn);
        },
      });
      return way;
    },
  };
}

interface Surroundings {
  join(): () => void;
  tell(turn: Omit<OtherTurn, 'ownKept'>): void;
}

class Way implements SessionWay {
  readonly #around: Surroundings;
  #others: OtherTurn[] = [];
  /** Others' turns that went together with older ones. */
  #folded = 0;
  /** How many of the others' turns a context or a state holds. */
  readonly #holds = new WeakMap<object, number>();
  /** What a state was made of. */
  readonly #madeOf = new WeakMap<object, unknown>();
  #ownKept = 0;
  #lastKept: string | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  join(): () => void {
    return this.#around.join();
  }

  hear(turn: Omit<OtherTurn, 'ownKept'>): void {
    this.#others.push({ ...turn, ownKept: this.#ownKept });
    const [first, second, ...more] = this.#others;
    if (this.#others.length <= MOST_OTHERS || first === undefined || second === undefined) return;
    this.#others = [{ ...second, before: first.before, after: applied(second, first.after) }, ...more];
    this.#folded++;
  }

  contextOf(context: DialogueContext): DialogueContext {
    const held = isObject(context.state) ? (this.#holds.get(context.state) ?? 0) : 0;
    let { state } = context;
    for (const turn of this.#others.slice(Math.max(0, held - this.#folded))) state = applied(turn, state);
    const { history } = context;
    const given = { ...context, state, ...(history === undefined ? {} : { history: this.said(history) }) };
    this.#holds.set(given, this.#folded + this.#others.length);
    return given;
  }

  noteState(state: unknown, context: DialogueContext): void {
    if (!isObject(state)) return;
    this.#holds.set(state, this.#holds.get(context) ?? 0);
    this.#madeOf.set(state, context.state);
  }

  stateOver(state: unknown, stored: unknown): unknown {
    return isObject(state) && this.#madeOf.has(state)
      ? mergeStates(this.#madeOf.get(state), state, stored)
      : state;
  }

  noteKept({ heard, replyHeard, state }: FinishedTurn): void {
    if (heard.text !== '') {
      this.#ownKept++;
      this.#lastKept = heard.text.trim();
    }
    const said: Said[] = [
      { role: 'user', text: heard.text },
      { role: 'assistant', text: replyHeard },
    ];
    this.#around.tell({
      said: said.filter(({ text }) => text !== ''),
      before: isObject(state) ? this.#madeOf.get(state) : undefined,
      after: state,
    });
  }

  said(own: readonly Said[]): readonly Said[] {
    if (this.#others.length === 0) return own;
    const starts = own.flatMap(({ role }, at) => (role === 'user' ? [at] : []));
    // The newest turns of this way may be waiting to be kept.
    const keptAt = starts.findLastIndex((at) => own[at]!.text === this.#lastKept);
    const waiting = keptAt === -1 ? 0 : starts.length - 1 - keptAt;
    const all: Said[] = [];
    let from = 0;
    for (const { said, ownKept } of this.#others) {
      const later = this.#ownKept - ownKept + waiting;
      // Said before all that is still known.
      if (later > starts.length) continue;
      const to = later === 0 ? own.length : starts[starts.length - later]!;
      all.push(...own.slice(from, to), ...said);
      from = Math.max(from, to);
    }
    return [...all, ...own.slice(from)].slice(-MOST_SAID);
  }
}

function applied({ before, after }: Pick<OtherTurn, 'before' | 'after'>, state: unknown): unknown {
  return after === undefined ? state : mergeStates(before, after, state);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
