import type { ServerMessage } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import { childOf, isAbort } from '../lib/abort.ts';
import { within } from '../lib/timers.ts';
import type { Conversation, ConversationOptions, MicrophoneUse } from './conversation.ts';
import type { Heard } from './heard.ts';
import { createHistory } from './history.ts';
import { openListener, type HeardUtterance, type Listener } from './listener.ts';
import type { ConversationOutput } from './ports.ts';
import { createPlayout, type Playout } from './speaking/playout.ts';
import { startTurn, type FinishedCourse, type TurnCourse } from './turn-course.ts';
import { createTurnStopwatch, type TurnStopwatch } from './turn-stopwatch.ts';

/** Turns that may wait to be kept; a store that is slower loses the oldest ones' place in line, never words of the talk. */
const MAX_KEEPING = 64;
/** Who speaks on so shortly after the answer began to sound had not finished. */
const TAKE_BACK_WITHIN_MS = 400;
const KEEP_LIMIT_MS = 10_000;

/** Begins a conversation. The microphone is closed until `open`. */
export function createConversation(options: ConversationOptions): Conversation {
  return new LiveConversation(options);
}

/** A reply that was stopped before anybody knew what for. */
interface CutReply {
  readonly rest: () => string;
}

class LiveConversation implements Conversation {
  readonly sessionId: string;
  readonly #options: ConversationOptions;
  readonly #node = childOf(new AbortController().signal);
  readonly #output: ConversationOutput;
  readonly #playout: Playout;
  readonly #listener: Listener;
  readonly #history;
  #state: unknown;
  /** As it was before the turn at hand. */
  #stateBefore: unknown;
  /** Turns that are not over, those included that wait for the loudspeaker's last word. */
  readonly #courses = new Set<TurnCourse>();
  #turn: TurnCourse | undefined;
  /** Begun on words that may still change. */
  #early:
    | { readonly words: string; readonly course: TurnCourse; readonly stopwatch: TurnStopwatch }
    | undefined;
  #cut: CutReply | undefined;
  /** The turn whose reply is the last in the history and may still turn out to be heard to another word. */
  #lastCut: string | undefined;
  #use: MicrophoneUse = { handsFree: true, speechRate: 1 };
  #keeping: Promise<void> = Promise.resolve();
  #keepingCount = 0;
  #isClosed = false;

  constructor(options: ConversationOptions) {
    const { ports, output } = options;
    this.#options = options;
    this.sessionId = options.sessionId;
    this.#state = options.state;
    this.#stateBefore = options.state;
    this.#history = createHistory(options.history);
    this.#output = this.#untilClosed(output);
    this.#playout = createPlayout({
      output: this.#output,
      clock: ports.clock,
      timers: ports.timers,
      onSent: (samples, rate, playsAtMs) => this.#listener.sent(samples, rate, playsAtMs),
    });
    this.#listener = openListener(
      {
        ports,
        language: () => this.#language,
        playout: this.#playout,
        send: (message) => this.#output.send(message),
        on: {
          cutIn: (isCertain) => this.#cutIn(isCertain),
          takeBack: (beganAtMs) => this.#takeBack(beganAtMs),
          pause: (words, endedAtMs) => this.#beginEarly(words, endedAtMs),
          goOn: () => this.#dropEarly(),
          heard: (utterance) => this.#answer(utterance),
        },
      },
      this.#node.signal,
    );
  }

  get #language(): string {
    return this.#options.talk.language?.() ?? this.#options.language;
  }

  get isBusy() {
    return this.#courses.size > 0 || this.#listener.isHearing || this.#playout.isSounding;
  }

  open(use: MicrophoneUse): void {
    if (this.#isClosed) return;
    this.#use = use;
    this.#listener.open(use);
  }

  hear(samples: Float32Array): void {
    if (!this.#isClosed) this.#listener.hear(samples);
  }

  endSpeech(): void {
    if (!this.#isClosed) this.#listener.endSpeech();
  }

  type(text: string): void {
    if (this.#isClosed) return;
    this.#listener.drop();
    this.interrupt();
    const stopwatch = createTurnStopwatch(this.#options.ports.clock, this.#options.ports.clock.monotonicMs());
    const heard: Heard = { text, language: this.#language, source: 'text', confidence: null };
    stopwatch.final();
    this.#begin(heard, stopwatch).commit({ provider: null, skipped: [], speechMs: null });
  }

  played(audioId: number, ms: number): void {
    if (!this.#isClosed) this.#playout.played(audioId, ms);
  }

  interrupt(): void {
    this.#cut = undefined;
    this.#dropEarly();
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined) return;
    turn.interrupt();
    this.#listener.stopped();
  }

  history() {
    return this.#history.said();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return this.#keeping;
    this.interrupt();
    this.#isClosed = true;
    this.#listener.close();
    for (const course of this.#courses) course.settle();
    this.#node.abort();
    await this.#keeping;
  }

  /** Somebody wants the floor. */
  #cutIn(isCertain: boolean): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const rest = () => turn.text.slice(this.#playout.heardText().length);
    this.interrupt();
    // Nobody knows yet what was said; if it was nothing, the reply goes on where it was cut.
    if (!isCertain) this.#cut = { rest };
  }

  /** Next to nothing of the answer was heard yet, and the person goes on: the words so far are the beginning of more. */
  #takeBack(beganAtMs: number): string | null {
    const turn = this.#turn;
    if (turn === undefined || !this.#options.talk.mayBeginEarly) return null;
    if (turn.soundBeganAtMs !== null && beganAtMs - turn.soundBeganAtMs > TAKE_BACK_WITHIN_MS) return null;
    if (turn.heard.source !== 'voice') return null;
    this.#turn = undefined;
    this.#state = this.#stateBefore;
    turn.discard();
    this.#listener.stopped();
    return turn.heard.text;
  }

  #beginEarly(words: string, endedAtMs: number): void {
    const { talk, ports } = this.#options;
    const language = this.#language;
    if (!talk.mayBeginEarly || this.#turn !== undefined) return;
    if (this.#early?.words === words) return;
    this.#dropEarly();
    const stopwatch = createTurnStopwatch(ports.clock, endedAtMs);
    const heard: Heard = { text: words, language, source: 'voice', confidence: null };
    this.#early = { words, stopwatch, course: this.#start(heard, stopwatch) };
  }

  #dropEarly(): void {
    const early = this.#early;
    this.#early = undefined;
    if (early === undefined) return;
    early.course.interrupt();
    this.#courses.delete(early.course);
  }

  /** Words, or sound without them, have come to their end. */
  #answer(utterance: HeardUtterance): void {
    const { kind, text, confidence, heardBy, endedAtMs, endpointAtMs } = utterance;
    const early = this.#early;
    const isBegun = kind === 'words' && early !== undefined && sameWords(early.words, text);
    const turnId = isBegun ? early.course.turnId : utterance.turnId;
    this.#output.send({ type: 'transcript_final', data: { turn_id: turnId, text, kind, confidence } });
    if (kind !== 'words') {
      this.#dropEarly();
      this.#tell(utterance);
      return utterance.failed ? this.#apologise() : this.#goOn();
    }
    if (isBegun) this.#early = undefined;
    else this.#dropEarly();
    this.#cut = undefined;
    this.#turn?.interrupt();
    this.#turn = undefined;
    if (isBegun) {
      early.stopwatch.endpoint(endpointAtMs);
      early.stopwatch.final();
      this.#turn = early.course;
      early.course.commit(heardBy);
      return;
    }
    const stopwatch = createTurnStopwatch(this.#options.ports.clock, endedAtMs);
    stopwatch.endpoint(endpointAtMs);
    stopwatch.final();
    const heard: Heard = { text, language: utterance.language, source: 'voice', confidence };
    this.#begin(heard, stopwatch, turnId).commit(heardBy);
  }

  /** It was nothing: what was being said goes on at the first word that was not heard. */
  #goOn(): void {
    const rest = this.#cut?.rest().trim() ?? '';
    this.#cut = undefined;
    if (rest !== '' && this.#turn === undefined) this.#recite(rest);
  }

  /** Nobody could hear. Silence would leave the person waiting; what is being said was not stopped for it and goes on. */
  #apologise(): void {
    const message = formatMessage(this.#language === 'en' ? 'en' : 'ko', 'talk.deaf');
    this.#output.send({ type: 'error', data: { code: 'EARS_UNAVAILABLE', message, fatal: false } });
    if (this.#playout.isSounding && this.#turn !== undefined) return;
    this.interrupt();
    this.#recite(message);
  }

  /** Says words that no dialogue has to find. */
  #recite(words: string): void {
    const { ports, talk } = this.#options;
    const language = this.#language;
    const stopwatch = createTurnStopwatch(ports.clock, ports.clock.monotonicMs());
    const heard: Heard = { text: '', language, source: 'voice', confidence: null };
    const dialogue = {
      mind: talk.dialogue.mind,
      async *respond() {
        await Promise.resolve();
        yield { type: 'text-delta', text: words } as const;
      },
    };
    const course = this.#start(heard, stopwatch, ports.newTurnId(), { ...talk, dialogue });
    this.#turn = course;
    course.commit({ provider: null, skipped: [], speechMs: null });
  }

  #begin(heard: Heard, stopwatch: TurnStopwatch, turnId?: string): TurnCourse {
    return (this.#turn = this.#start(heard, stopwatch, turnId));
  }

  #start(
    heard: Heard,
    stopwatch: TurnStopwatch,
    turnId = this.#options.ports.newTurnId(),
    talk = this.#options.talk,
  ): TurnCourse {
    const { sessionId, ports } = this.#options;
    const language = this.#language;
    const history = this.#history.said();
    const course = startTurn(
      {
        turnId,
        heard,
        context: { sessionId, language, state: this.#state, history },
        talk,
        ports,
        playout: this.#playout,
        output: this.#output,
        speechRate: this.#use.speechRate,
        stopwatch,
        onState: (state) => {
          this.#stateBefore = this.#state;
          this.#state = state;
        },
        onCut: (assistant) => {
          this.#history.add({ user: heard.text, assistant });
          this.#lastCut = turnId;
        },
        onOver: (finished) => {
          this.#courses.delete(course);
          // What was cut before is kept before.
          for (const earlier of this.#courses) earlier.settle();
          this.#over(finished);
        },
      },
      this.#node.signal,
    );
    this.#courses.add(course);
    return course;
  }

  #over({ isDiscarded, ...finished }: FinishedCourse): void {
    if (this.#turn?.turnId === finished.turnId) this.#turn = undefined;
    if (isDiscarded) return;
    if (!finished.interrupted)
      this.#history.add({ user: finished.heard.text, assistant: finished.replyHeard });
    else if (this.#lastCut === finished.turnId) this.#history.correctLast(finished.replyHeard);
    this.#lastCut = undefined;
    this.#options.ports.onTurn?.(finished.report);
    if (this.#keepingCount >= MAX_KEEPING) return;
    this.#keepingCount++;
    const { talk, ports } = this.#options;
    // A conversation that ends still keeps what was said in it.
    const { signal } = new AbortController();
    const keep = () =>
      within(talk.keep(finished, signal), { limitMs: KEEP_LIMIT_MS, timers: ports.timers, signal });
    this.#keeping = this.#keeping
      .then(keep)
      .catch((error: unknown) => {
        if (!isAbort(error)) ports.onTrouble?.(error);
      })
      .finally(() => void this.#keepingCount--);
  }

  /** Sound that nobody answers is a turn for the figures only. */
  #tell(utterance: HeardUtterance): void {
    const { kind, turnId, language, heardBy, endedAtMs } = utterance;
    const { ports, talk } = this.#options;
    const stopwatch = createTurnStopwatch(ports.clock, endedAtMs);
    stopwatch.final();
    ports.onTurn?.({
      turnId,
      experience: talk.experience,
      way: 'voice',
      outcome: utterance.failed ? 'failed' : kind === 'backchannel' || kind === 'echo' ? kind : 'not_heard',
      language,
      timings: stopwatch.timings(false),
      providers: { ears: heardBy.provider, mind: talk.dialogue.mind, voice: null },
      skipped: heardBy.skipped,
      speechMs: heardBy.speechMs,
      charactersIn: 0,
      charactersOut: 0,
    });
  }

  /** The output, mute once the conversation is closed. */
  #untilClosed(output: ConversationOutput): ConversationOutput {
    return {
      send: (message: ServerMessage) => {
        if (!this.#isClosed) output.send(message);
      },
      audio: (audioId, sequence, samples) => {
        if (!this.#isClosed) output.audio(audioId, sequence, samples);
      },
      room: (signal) => output.room(signal),
    };
  }
}

const NOT_WORDS = /[\p{P}\p{S}\s]+/gu;

/** The same but for spaces and punctuation, which ears put in last. */
function sameWords(one: string, other: string): boolean {
  return one.replaceAll(NOT_WORDS, '') === other.replaceAll(NOT_WORDS, '');
}
