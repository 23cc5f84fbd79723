import { AbortedError, childOf } from '../../lib/abort.ts';
import { ProviderError, type ProviderInfo } from '../spec/provider.ts';
import {
  UTTERANCE_SAMPLE_RATE,
  type HearingStream,
  type SpeechToText,
  type Transcription,
  type Utterance,
} from '../spec/stt.ts';
import type { Course } from './course.ts';
import { openHearing } from './hearing.ts';
import type { ChainStatus } from './member-status.ts';
import type { ChainOptions } from './members.ts';
import type { Size } from './pace.ts';
import { ProviderChain } from './provider-chain.ts';
import { startWaiting, within } from '../../lib/timers.ts';

export interface SpeechToTextChainOptions extends Partial<ChainOptions> {
  /** Time that each provider has for an utterance, whatever it took before; what its `limits` come to when absent. */
  readonly limitMs?: number;
}

/** What a second of sound adds to the time of ears that have not answered yet. */
const UNKNOWN_SECOND_MS = 500;

/** Ears in order of preference, which are ears themselves. */
export interface SpeechToTextChain extends SpeechToText {
  status(): ChainStatus;
}

/** @throws {RangeError} when `providers` is empty. */
export function createSpeechToTextChain(
  providers: readonly SpeechToText[],
  options: SpeechToTextChainOptions = {},
): SpeechToTextChain {
  return new Chain(providers, options);
}

class Chain extends ProviderChain<SpeechToText> implements SpeechToTextChain {
  readonly kind = 'stt';
  /** There when one of the ears can hear while it is being said. Null while the first that can run are others. */
  readonly openStream?: (language: string | null, signal: AbortSignal) => HearingStream | null;
  readonly #limitMs: number | undefined;
  readonly #unknownMs: number;
  readonly #ceilingMs: number;

  constructor(
    providers: readonly SpeechToText[],
    { id = 'ears', limits = {}, limitMs, ...options }: SpeechToTextChainOptions,
  ) {
    const { unknownMs = 1_500, ceilingMs = 10_000 } = limits;
    super(providers, { ...options, id, limits: { ...limits, unknownMs, ceilingMs } });
    this.#limitMs = limitMs;
    this.#unknownMs = unknownMs;
    this.#ceilingMs = ceilingMs;
    if (providers.some(({ openStream }) => openStream !== undefined)) {
      this.openStream = (language, signal) =>
        openHearing({
          members: this.members,
          language,
          signal,
          transcribe: (utterance, course, ended) => this.#transcribe(utterance, course, ended),
        });
    }
  }

  get info(): ProviderInfo {
    return this.members.info('Ears');
  }

  transcribe(utterance: Utterance, signal: AbortSignal): Promise<Transcription> {
    return this.#transcribe(utterance, this.members.course({ language: utterance.language }), signal);
  }

  async #transcribe(
    utterance: Utterance,
    course: Course<SpeechToText>,
    signal: AbortSignal,
  ): Promise<Transcription> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const { timers, clock } = this.members;
    const size = this.#sizeOf(utterance);
    for (let turn = course.next(); turn !== undefined; turn = course.next()) {
      const { provider, pace } = turn;
      const node = childOf(signal);
      const limitMs = this.#limitMs ?? pace.limitMs('whole_answer', { isLast: !course.hasMore(), size });
      const waited = startWaiting(clock, timers);
      try {
        const asking = Promise.resolve().then(() => provider.transcribe(utterance, node.signal));
        const heard = checked(await within(asking, { limitMs, timers, signal }), provider.info.id);
        pace.answered('whole_answer', waited(), size);
        turn.succeed();
        const skipped = [...course.skipped, ...(heard.skipped ?? [])];
        return skipped.length === 0 ? heard : { ...heard, skipped };
      } catch (error) {
        if (signal.aborted) {
          turn.abort();
          throw new AbortedError(signal.reason);
        }
        if (turn.fail(error).kind === 'timeout') pace.timedOut('whole_answer');
      } finally {
        // Ears that are deaf to their signal are left behind.
        node.abort();
        node.unlink();
      }
    }
    throw course.exhausted();
  }

  /** Ears need a while for anything, and so much for each second of sound; up to 10 s, or as long as it was said. */
  #sizeOf({ samples }: Utterance): Size {
    const seconds = samples.length / UTTERANCE_SAMPLE_RATE;
    return {
      amount: 1 + seconds,
      unknownMs: this.#unknownMs + UNKNOWN_SECOND_MS * seconds,
      ceilingMs: Math.max(this.#ceilingMs, seconds * 1_000),
    };
  }
}

/** @throws {ProviderError} `failed` for what is no transcription. */
export function checked(heard: Transcription, provider: string): Transcription {
  if (typeof heard?.text === 'string' && typeof heard.language === 'string') return heard;
  throw new ProviderError('failed', provider, 'it answered with something that is no text');
}
