import { AbortedError, childOf } from '../../lib/abort.ts';
import { NO_REFERENCE, ProviderError, type ProviderInfo } from '../spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech, VoiceInfo } from '../spec/tts.ts';
import type { Course } from './course.ts';
import type { ChainStatus } from './member-status.ts';
import type { Turn } from './member.ts';
import type { ChainOptions } from './members.ts';
import { ProviderChain } from './provider-chain.ts';
import { plainLengthMs } from './said.ts';
import { createSpokenSoFar, type SpokenSoFar } from './spoken-so-far.ts';
import { startWaiting, within } from '../../lib/timers.ts';

export type TextToSpeechChainOptions = Partial<ChainOptions>;

/** Voices in order of preference, which are a voice themselves. */
export interface TextToSpeechChain extends TextToSpeech {
  status(): ChainStatus;
}

/**
 * A voice that fails before its first sound is replaced at once. One that fails later is replaced where it left off: at the
 * next clause, or at the first word that was not given. Two voices never speak at once, and nothing that was heard is said
 * again, as far as the times of the voice tell.
 *
 * @throws {RangeError} when `providers` is empty.
 */
export function createTextToSpeechChain(
  providers: readonly TextToSpeech[],
  options: TextToSpeechChainOptions = {},
): TextToSpeechChain {
  return new Chain(providers, options);
}

/** How much the latest answer counts for what is known of a voice's speed. */
const NEWEST_SHARE = 0.2;

class Chain extends ProviderChain<TextToSpeech> implements TextToSpeechChain {
  readonly kind = 'tts';
  /** How long each voice takes, pauses left out, as against `plainLengthMs`. */
  readonly #slowness = new Map<TextToSpeech, number>();

  constructor(providers: readonly TextToSpeech[], { id = 'voice', ...options }: TextToSpeechChainOptions) {
    super(providers, { ...options, id });
  }

  get info(): ProviderInfo {
    return this.members.info('Voice');
  }

  /** That of the voice which the next request would get; the `source` chunk has that of the voice it got. */
  get revision(): string {
    return this.members.current.revision;
  }

  get takesReference(): boolean {
    return this.members.providers.some((provider) => provider.takesReference === true);
  }

  voices(): readonly VoiceInfo[] {
    return this.members.current.voices();
  }

  async *synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const course = this.#course(request);
    const soFar = createSpokenSoFar(request.text);
    for (let turn = course.next(); turn !== undefined; turn = course.next()) {
      yield* soFar.joint();
      if (yield* this.#speak(turn, request, { course, soFar }, signal)) return;
    }
    throw this.#exhausted(course, request);
  }

  #course({ language, provider, reference }: SpeechRequest): Course<TextToSpeech> {
    return this.members.course({
      language,
      ...(provider === undefined ? {} : { first: provider }),
      refusal: ({ takesReference }) =>
        reference === undefined || takesReference === true
          ? undefined
          : { reason: NO_REFERENCE, because: 'speaks in its own voices only' },
    });
  }

  /**
   * Lets one voice say what is left to say. False when it failed and something is still left.
   *
   * @throws {AbortedError} when `signal` aborts.
   */
  async *#speak(
    turn: Turn<TextToSpeech>,
    request: SpeechRequest,
    { course, soFar }: { readonly course: Course<TextToSpeech>; readonly soFar: SpokenSoFar },
    signal: AbortSignal,
  ): AsyncGenerator<SpeechChunk, boolean, void> {
    const { provider, pace } = turn;
    const { id } = provider.info;
    const { clock, timers } = this.members;
    const node = childOf(signal);
    const slowness = this.#slowness.get(provider);
    const speed = request.speed ?? 1;
    const isLast = !course.hasMore();
    const { speaker } = soFar;
    const part = soFar.begin(id, provider.revision, course.skipped);
    let longestWaitMs = 0;
    /** Waited for the next sound so far; the time that the listener takes does not count. */
    let waitedMs = 0;
    let chunks: AsyncIterator<SpeechChunk> | undefined;
    let isOver = false;
    try {
      const asked = this.#fit({ ...request, text: part.text }, provider);
      const reading = provider.synthesize(asked, node.signal)[Symbol.asyncIterator]();
      chunks = reading;
      while (true) {
        const stage = part.hasSound ? 'next_output' : 'first_output';
        const limitMs = Math.ceil(pace.limitMs(stage, { isLast }) - waitedMs);
        const waited = startWaiting(clock, timers);
        const next = await within(reading.next(), { limitMs: Math.max(0, limitMs), timers, signal });
        waitedMs += waited();
        if (next.done === true) break;
        const chunk = next.value;
        const ready = part.take(chunk);
        if (chunk.type === 'audio' && ready.length > 0) {
          if (stage === 'next_output') longestWaitMs = Math.max(longestWaitMs, waitedMs);
          else pace.answered(stage, waitedMs);
          if (stage === 'first_output' && speaker !== undefined) this.members.takenOver(speaker, id);
          waitedMs = 0;
        }
        yield* ready;
      }
      yield* part.end();
      isOver = true;
      if (part.hasSound) pace.answered('next_output', Math.max(longestWaitMs, waitedMs));
      this.#learn(provider, (part.spokenMs * speed) / plainLengthMs(part.text));
      turn.succeed();
      return true;
    } catch (error) {
      isOver = true;
      if (signal.aborted) {
        turn.abort();
        throw new AbortedError(signal.reason);
      }
      const { kind } = turn.fail(error);
      if (kind === 'timeout') pace.timedOut(part.hasSound ? 'next_output' : 'first_output');
      return part.breakOff(slowness === undefined ? undefined : slowness / speed);
    } finally {
      // Who stops listening has not found a fault.
      if (!isOver) turn.abort();
      // Not waited for: a provider that hangs would hold up the next one here.
      node.abort();
      node.unlink();
      chunks?.return?.()?.catch(() => {});
    }
  }

  /**
   * The request as `provider` gets it. A voice of another one is left out; one that nobody here has stays in, so that whoever
   * is asked refuses it.
   */
  #fit(request: SpeechRequest, provider: TextToSpeech): SpeechRequest {
    const { voice, provider: asked, ...others } = request;
    if (voice === undefined) return others;
    const has = (member: TextToSpeech) => member.voices().some(({ id }) => id === voice);
    const isAsked = provider.info.id === asked;
    const isNobodys = asked === undefined && !this.members.providers.some(has);
    return isAsked || isNobodys || has(provider) ? { ...others, voice } : others;
  }

  #exhausted(course: Course<TextToSpeech>, { reference }: SpeechRequest): ProviderError {
    const error = course.exhausted();
    if (
      reference === undefined ||
      course.skipped.some(({ reason }) => reason !== NO_REFERENCE && reason !== 'unavailable')
    )
      return error;
    const able = this.members.providers.filter(({ takesReference }) => takesReference === true);
    const need =
      able.length === 0
        ? 'A voice made from a recording needs a provider that takes one; this server has none.'
        : `A voice made from a recording needs ${able.map(({ info }) => info.id).join(' or ')}.`;
    return new ProviderError('unavailable', error.provider, `${need} ${error.message}`, {
      skipped: error.skipped,
    });
  }

  #learn(provider: TextToSpeech, slowness: number): void {
    if (!Number.isFinite(slowness) || slowness <= 0) return;
    const before = this.#slowness.get(provider);
    const now = before === undefined ? slowness : before + NEWEST_SHARE * (slowness - before);
    this.#slowness.set(provider, now);
  }
}
