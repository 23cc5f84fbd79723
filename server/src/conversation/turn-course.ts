import type { ServerMessage, TurnProviders } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import { childOf, isAbort, TimeoutError } from '../lib/abort.ts';
import { BoundedQueue } from '../lib/bounded-queue.ts';
import { deferred } from '../lib/deferred.ts';
import { within } from '../lib/timers.ts';
import { ProviderError, type Skipped } from '../providers/spec/provider.ts';
import type { DialogueContext, DialogueEvent } from './dialogue.ts';
import type { Heard } from './heard.ts';
import type { ConversationOutput, ConversationPorts, FinishedTurn, Talk } from './ports.ts';
import type { PlayedReply, Playout } from './speaking/playout.ts';
import { speakReply } from './speaking/reply-speaker.ts';
import type { TurnReport } from './turn-report.ts';
import type { TurnStopwatch } from './turn-stopwatch.ts';

/** Who heard the words of a turn, and what the person's part of it was. */
export interface HeardBy {
  readonly provider: string | null;
  readonly skipped: readonly Skipped[];
  /** Length of what the person said; null for typed words. */
  readonly speechMs: number | null;
}

export interface TurnCourseOptions {
  readonly turnId: string;
  readonly heard: Heard;
  readonly context: Omit<DialogueContext, 'turnId'>;
  readonly talk: Talk;
  readonly ports: Pick<ConversationPorts, 'voice' | 'voiceTurns' | 'clock' | 'timers'>;
  readonly playout: Playout;
  readonly output: ConversationOutput;
  /** 1 is normal. */
  readonly speechRate: number;
  readonly stopwatch: TurnStopwatch;
  readonly onState: (state: unknown) => void;
  /** The reply was cut: what was heard of it, as far as is known yet. */
  readonly onCut: (heardText: string) => void;
  /** The reply is made, heard or cut off, and nothing more comes of it. */
  readonly onOver: (finished: FinishedCourse) => void;
}

/** A turn that is over. */
export interface FinishedCourse extends FinishedTurn {
  /** True when it is to be forgotten. */
  readonly isDiscarded: boolean;
}

/** One reply, from the words to the last sound of it. */
export interface TurnCourse {
  readonly turnId: string;
  readonly heard: Heard;
  /** The reply so far. */
  readonly text: string;
  /** When its first sound left for the loudspeaker, on the clock's monotonic time; null before. */
  readonly soundBeganAtMs: number | null;
  readonly isOver: boolean;
  /**
   * The words are certain: lets out what was held back. Until then nothing is said, shown or done; a course that is dropped before
   * leaves no trace.
   */
  commit(heardBy: HeardBy): void;
  /**
   * Ends it at once. After `commit`, the output is told what of it was heard, and `onOver` a little later, when the loudspeaker has
   * said its last word. Idempotent.
   */
  interrupt(): void;
  /** As `interrupt`, but as if it had never been: nothing of it is kept. */
  discard(): void;
  /** Does not wait for the loudspeaker's last word after an `interrupt`. */
  settle(): void;
}

/** The longest reply; a model that does not stop is stopped here. */
const MAX_REPLY_CHARACTERS = 20_000;
const MAX_DELTAS = 8_192;
/** How long a dialogue may take for the next piece of its reply. */
const EVENT_LIMIT_MS = 12_000;
/** Within this time after a stop the loudspeaker's last word on how far it got comes in. */
const LAST_WORD_MS = 600;

/** Begins to answer. */
export function startTurn(options: TurnCourseOptions, parent: AbortSignal): TurnCourse {
  return new Course(options, parent);
}

class Course implements TurnCourse {
  readonly #options: TurnCourseOptions;
  readonly #node;
  readonly #committed = deferred<void>();
  readonly #deltas = new BoundedQueue<string>(MAX_DELTAS);
  #held: (() => void)[] | undefined = [];
  #heardBy: HeardBy = { provider: null, skipped: [], speechMs: null };
  #text = '';
  #state: unknown;
  #played: PlayedReply | undefined;
  #outcome: TurnReport['outcome'] = 'ok';
  #soundBeganAtMs: number | null = null;
  #isOver = false;
  #wasHeldBack = false;
  #isDiscarded = false;
  #settle: (() => void) | undefined;

  constructor(options: TurnCourseOptions, parent: AbortSignal) {
    this.#options = options;
    this.#node = childOf(parent);
    // An early end of the conversation leaves nobody to wait for the words.
    this.#committed.promise.catch(() => {});
    void this.#run();
  }

  get turnId() {
    return this.#options.turnId;
  }
  get heard() {
    return this.#options.heard;
  }
  get text() {
    return this.#text;
  }
  get soundBeganAtMs() {
    return this.#soundBeganAtMs;
  }
  get isOver() {
    return this.#isOver;
  }

  commit(heardBy: HeardBy): void {
    const held = this.#held;
    if (held === undefined || this.#isOver) return;
    this.#heardBy = heardBy;
    this.#wasHeldBack = held.length > 0;
    this.#held = undefined;
    for (const act of held) act();
    this.#committed.resolve();
  }

  interrupt(): void {
    if (this.#isOver) return;
    const wasCommitted = this.#held === undefined;
    this.#end();
    if (!wasCommitted) return;
    this.#outcome = 'interrupted';
    const { output, playout, ports } = this.#options;
    const stopped = playout.stop();
    output.send({
      type: 'interrupted',
      data: { turn_id: this.turnId, heard_text: stopped.heardText() },
    });
    if (!this.#isDiscarded) this.#options.onCut(stopped.heardText());
    const finish = () => {
      callOff();
      this.#settle = undefined;
      this.#finish(stopped.heardText());
    };
    const callOff = ports.timers.after(LAST_WORD_MS, finish);
    this.#settle = finish;
  }

  discard(): void {
    this.#isDiscarded = true;
    this.interrupt();
    this.settle();
  }

  settle(): void {
    this.#settle?.();
  }

  /** Does it now, or when the words are certain. */
  #release(act: () => void): void {
    if (this.#held === undefined) act();
    else this.#held.push(act);
  }

  #send(message: ServerMessage): void {
    this.#release(() => this.#options.output.send(message));
  }

  async #run(): Promise<void> {
    const speaking = this.#speak();
    await this.#think();
    this.#deltas.close();
    await speaking;
    if (this.#isOver) return;
    await this.#committed.promise;
    if (this.#isOver) return;
    const { output, playout, stopwatch } = this.#options;
    stopwatch.firstAudio(this.#played?.firstAudioAtMs ?? null);
    const data = { turn_id: this.turnId, text: this.#text, ...this.#measured() };
    output.send({ type: 'reply_done', data });
    await playout.quiet(this.#node.signal).catch(() => {});
    if (this.#isOver) return;
    const replyHeard = this.#played === undefined ? this.#text : playout.heardText();
    this.#end();
    this.#finish(replyHeard);
  }

  async #think(): Promise<void> {
    const { talk, heard, context, turnId, stopwatch, ports } = this.#options;
    const mind = childOf(this.#node.signal);
    const patience = { limitMs: EVENT_LIMIT_MS, timers: ports.timers, signal: this.#node.signal };
    const events = talk.dialogue.respond(heard, { ...context, turnId }, mind.signal)[Symbol.asyncIterator]();
    try {
      while (this.#text.length < MAX_REPLY_CHARACTERS) {
        const next = await within(events.next(), patience);
        if (next.done === true) return;
        stopwatch.firstToken();
        this.#take(next.value);
      }
    } catch (error) {
      if (!this.#isOver && !isAbort(error)) this.#fail(error);
    } finally {
      mind.abort();
      mind.unlink();
      // Not waited for: a dialogue that hangs may not even heed its signal.
      events.return?.().catch(() => {});
    }
  }

  #take(event: DialogueEvent): void {
    const turn_id = this.turnId;
    switch (event.type) {
      case 'text-delta':
        return this.#say(event.text);
      case 'emotion':
        return this.#send({
          type: 'emotion',
          data: { turn_id, name: event.name, intensity: event.intensity },
        });
      case 'gesture':
        return this.#send({ type: 'action', data: { turn_id, type: 'gesture', data: { name: event.name } } });
      case 'action':
        return this.#send({
          type: 'action',
          data: { turn_id, type: event.action.type, data: event.action.data },
        });
      case 'state':
        this.#state = event.state;
        return this.#release(() => this.#options.onState(event.state));
    }
  }

  #say(text: string): void {
    if (text === '') return;
    this.#text += text;
    this.#send({ type: 'reply_delta', data: { turn_id: this.turnId, text } });
    this.#deltas.tryPush(text);
  }

  /** The voice works ahead; nothing leaves before the words are certain. */
  async #speak(): Promise<void> {
    const { ports, context, speechRate, playout, output } = this.#options;
    const { voice, voiceTurns, clock, timers } = ports;
    if (voice === null) return;
    const { signal } = this.#node;
    const parts = speakReply(
      this.#deltas,
      {
        voice,
        style: speechRate === 1 ? {} : { speed: speechRate },
        language: context.language,
        clock,
        timers,
        ...(voiceTurns === undefined ? {} : { turns: voiceTurns }),
      },
      signal,
    );
    try {
      const first = await parts.next();
      await this.#committed.promise;
      if (this.#isOver || first.done === true) return;
      this.#soundBeganAtMs = clock.monotonicMs();
      this.#played = await playout.play(this.turnId, startingWith(first.value, parts), signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      // The words stand on the screen, and the next turn asks again for a voice.
      const message = formatMessage(context.language === 'en' ? 'en' : 'ko', 'talk.no_voice');
      output.send({ type: 'error', data: { code: 'VOICE_UNAVAILABLE', message, fatal: false } });
    }
  }

  /** Says what went wrong, aloud too: silence would leave the person waiting. */
  #fail(error: unknown): void {
    if (this.#isOver || this.#outcome === 'failed') return;
    this.#outcome = 'failed';
    const { context } = this.#options;
    const isNobody = error instanceof ProviderError || error instanceof TimeoutError;
    const message = formatMessage(context.language === 'en' ? 'en' : 'ko', 'talk.apology');
    const code = isNobody ? 'MIND_UNAVAILABLE' : 'TURN_FAILED';
    this.#send({ type: 'error', data: { code, message, fatal: false } });
    this.#say(this.#text === '' ? message : ` ${message}`);
    this.#deltas.close();
  }

  #measured() {
    const { stopwatch, talk } = this.#options;
    const providers: TurnProviders = {
      ears: this.#heardBy.provider,
      mind: talk.dialogue.mind,
      voice: this.#played?.source ?? null,
    };
    return { timings: stopwatch.timings(this.#wasHeldBack), providers };
  }

  #end(): void {
    this.#isOver = true;
    this.#committed.resolve();
    this.#node.abort();
    this.#node.unlink();
  }

  #finish(replyHeard: string): void {
    const { talk, heard, context, ports, onOver } = this.#options;
    const report: TurnReport = {
      turnId: this.turnId,
      experience: talk.experience,
      way: heard.source,
      outcome: this.#outcome,
      language: context.language,
      ...this.#measured(),
      skipped: [...this.#heardBy.skipped, ...(this.#played?.skipped ?? [])],
      speechMs: this.#heardBy.speechMs,
      charactersIn: heard.text.length,
      charactersOut: this.#text.length,
    };
    onOver({
      isDiscarded: this.#isDiscarded,
      turnId: this.turnId,
      at: ports.clock.now(),
      heard: { text: heard.text, source: heard.source },
      reply: this.#text,
      replyHeard,
      interrupted: this.#outcome === 'interrupted',
      state: this.#state,
      report,
    });
  }
}

async function* startingWith<T>(
  first: T,
  rest: AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}
