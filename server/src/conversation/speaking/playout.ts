import { AbortedError } from '../../lib/abort.ts';
import type { Clock } from '../../lib/clock.ts';
import { deferred, type Deferred } from '../../lib/deferred.ts';
import type { Timers } from '../../lib/timers.ts';
import type { Skipped } from '../../providers/spec/provider.ts';
import type { ConversationOutput } from '../ports.ts';
import { AHEAD_OF_CLOCK_MS, createLoudspeaker } from './loudspeaker.ts';
import { createPlayedLedger, createVoicePaces, type PlayedLedger } from './played-ledger.ts';
import type { SpokenPart } from './spoken-part.ts';

export interface PlayoutOptions {
  readonly output: ConversationOutput;
  readonly clock: Clock;
  readonly timers: Timers;
  /** How much sound may be sent and not yet played, 6,000 ms when absent. The first second of a reply is always sent at once. */
  readonly aheadMs?: number;
  /** Told of all sound that leaves and when it will be heard, in the time of the clock. Keeps none of the samples. */
  readonly onSent?: (samples: Int16Array, sampleRate: number, playsAtMs: number) => void;
}

/** A reply that was sent to its end. */
export interface PlayedReply {
  readonly text: string;
  /** Length of its sound. */
  readonly sentMs: number;
  /** When its first sound left, in the time of the clock; null for a reply without sound. */
  readonly firstAudioAtMs: number | null;
  /** Who spoke, the last one where several did; null when nobody did. */
  readonly source: string | null;
  readonly skipped: readonly Skipped[];
}

/** A reply that was stopped. */
export interface StoppedReply {
  /** What the loudspeaker had said of it. More exact once the loudspeaker has told, within a second, how far it got. */
  heardText(): string;
}

/** The way from a voice to a loudspeaker elsewhere: sends what it can hold, and knows what it has said. */
export interface Playout {
  /**
   * Sends a reply. Resolves when all of it is sent, which is before all of it is heard. A reply that is still being sent is given
   * up for the new one.
   *
   * @throws what `parts` throw, after all that came before is sent; {@link AbortedError} when `signal` aborts, after `stop` and
   * when another reply is played.
   */
  play(turnId: string, parts: AsyncIterable<SpokenPart>, signal: AbortSignal): Promise<PlayedReply>;
  /** The loudspeaker's word on how far it got in one sound. What can't be is ignored. */
  played(audioId: number, ms: number): void;
  /** True while something that was sent is not yet played to its end. */
  readonly isSounding: boolean;
  /** Resolves when nothing is sounding. @throws {AbortedError} when `signal` aborts. */
  quiet(signal: AbortSignal): Promise<void>;
  /** What the loudspeaker has said of the current or last reply: a beginning of it that ends with a word. */
  heardText(): string;
  /** The current or last reply as far as it was sent. */
  said(): string;
  /** Gives up the current reply: what was not heard of it never is. */
  stop(): StoppedReply;
}

const AHEAD_MS = 6_000;
/** Of every reply so much is sent at once. */
const AT_ONCE_MS = 1_000;
/** For so long after a stop the loudspeaker's last word counts. */
const LAST_WORD_MS = 1_000;
/** A loudspeaker that counts in samples of another rate ends a little early. */
const END_MS = 30;

/** One sound on the line of the loudspeaker. */
interface Sound {
  readonly audioId: number;
  readonly atMs: number;
  readonly reply: Reply;
  lengthMs: number;
  isOver: boolean;
}

interface Reply {
  readonly ledger: PlayedLedger;
  /** Once it was stopped: when, where the loudspeaker then was by its own word and at most, and what counts as heard. */
  stopped?: { readonly atMs: number; readonly mostMs: number; toldMs: number; heardMs: number };
}

export function createPlayout(options: PlayoutOptions): Playout {
  const { output, clock, timers, aheadMs = AHEAD_MS, onSent } = options;
  const loudspeaker = createLoudspeaker(clock);
  const paces = createVoicePaces();
  /** Those that may still be told of, in order. */
  let sounds: Sound[] = [];
  let current: Reply | undefined;
  let lastAudioId = 0;
  /** Those who wait for the loudspeaker to get somewhere. */
  const waiting = new Set<Deferred<void>>();

  const isSounding = () => loudspeaker.playedMs() < loudspeaker.sentMs - 1;
  const wakeAll = () => {
    for (const { resolve } of waiting) resolve();
  };
  const heardText = (reply: Reply): string =>
    reply.ledger.heardAt(reply.stopped?.heardMs ?? loudspeaker.heardMs());

  /** Waits until the loudspeaker is at `placeMs`, or until something is told that may change when. */
  const nextNews = async (placeMs: number, signal: AbortSignal): Promise<void> => {
    const dueMs = loudspeaker.reachesAtMs(placeMs) - clock.monotonicMs();
    const news = deferred<void>();
    waiting.add(news);
    const wake = () => news.resolve();
    signal.addEventListener('abort', wake, { once: true });
    const callOff = timers.after(Math.max(1, Math.ceil(dueMs)), wake);
    await news.promise;
    callOff();
    signal.removeEventListener('abort', wake);
    waiting.delete(news);
    if (signal.aborted) throw new AbortedError(signal.reason);
  };

  const forgetPlayed = () => {
    const playedMs = loudspeaker.playedMs();
    sounds = sounds.filter(({ atMs, lengthMs, reply }) => {
      if (reply === current) return true;
      if (reply.stopped !== undefined) return clock.monotonicMs() - reply.stopped.atMs < LAST_WORD_MS;
      return atMs + lengthMs > playedMs;
    });
  };

  const stop = (): StoppedReply => {
    const reply = current;
    if (reply === undefined) return { heardText: () => '' };
    if (reply.stopped === undefined) {
      const heardMs = loudspeaker.heardMs();
      const atMs = clock.monotonicMs();
      reply.stopped = { atMs, mostMs: loudspeaker.playedMs(), toldMs: loudspeaker.toldMs, heardMs };
      loudspeaker.clear();
      wakeAll();
    }
    return { heardText: () => heardText(reply) };
  };

  const send = (turnId: string, reply: Reply, signal: AbortSignal) => {
    const { ledger } = reply;
    let sound: (Sound & { readonly sampleRate: number }) | undefined;
    let sequence = 0;
    let sentMs = 0;
    let firstAudioAtMs: number | null = null;
    let source: string | null = null;
    let skipped: readonly Skipped[] = [];

    const check = () => {
      if (signal.aborted) throw new AbortedError(signal.reason);
      if (current !== reply || reply.stopped !== undefined) throw new AbortedError();
    };
    /** Waits until `ms` more may be sent. */
    const room = async (ms: number): Promise<void> => {
      const isFirst = sentMs + ms <= AT_ONCE_MS;
      const hasRoom = () => isFirst || loudspeaker.playedMs() >= loudspeaker.sentMs + ms - aheadMs;
      while (!hasRoom()) {
        await nextNews(loudspeaker.sentMs + ms - aheadMs, signal);
        check();
      }
      await output.room(signal);
      check();
    };
    const endSound = (): void => {
      if (sound === undefined) return;
      sound.isOver = true;
      ledger.sentenceEnd();
      output.send({
        type: 'audio_end',
        data: { audio_id: sound.audioId, duration_ms: Math.round(sound.lengthMs * 10) / 10 },
      });
      sound = undefined;
    };

    const take = async (part: SpokenPart): Promise<void> => {
      switch (part.type) {
        case 'source':
          source = part.provider;
          skipped = [...skipped, ...part.skipped];
          return ledger.voice(part.provider);
        case 'sentence-start': {
          await room(0);
          const { text, textOffset, sampleRate, speed } = part;
          const atMs = loudspeaker.sentMs;
          sound = { audioId: ++lastAudioId, atMs, reply, lengthMs: 0, isOver: false, sampleRate };
          sounds.push(sound);
          sequence = 0;
          ledger.sentence({ text, textOffset, atMs, speed });
          return output.send({
            type: 'audio_start',
            data: {
              turn_id: turnId,
              audio_id: sound.audioId,
              sample_rate: sampleRate,
              text: text.trim(),
            },
          });
        }
        case 'audio': {
          const { samples } = part;
          const { audioId, sampleRate } = sound!;
          const lengthMs = (samples.length * 1_000) / sampleRate;
          await room(lengthMs);
          const now = clock.monotonicMs();
          firstAudioAtMs ??= now;
          output.audio(audioId, sequence++, samples);
          onSent?.(samples, sampleRate, now + loudspeaker.sentMs - loudspeaker.playedMs());
          loudspeaker.sent(lengthMs);
          ledger.audio(samples, sampleRate);
          sound!.lengthMs += lengthMs;
          sentMs += lengthMs;
          return;
        }
        case 'word':
          return ledger.word(part.startMs, part.textOffset);
        case 'visemes':
          return output.send({
            type: 'visemes',
            data: { audio_id: sound!.audioId, frames: part.frames },
          });
        case 'sentence-end':
          return endSound();
        case 'unspoken':
          return ledger.unspoken(part.text);
      }
    };

    return {
      check,
      take,
      endSound,
      sent: (): PlayedReply => ({ text: ledger.said(), sentMs, firstAudioAtMs, source, skipped }),
    };
  };

  return {
    async play(turnId, parts, signal) {
      const reply: Reply = { ledger: createPlayedLedger(paces) };
      current = reply;
      wakeAll();
      forgetPlayed();
      const sending = send(turnId, reply, signal);
      try {
        for await (const part of parts) {
          sending.check();
          await sending.take(part);
        }
        sending.check();
      } catch (error) {
        // Who listens learns that no more comes of a sentence that broke off.
        if (!signal.aborted && current === reply && reply.stopped === undefined) sending.endSound();
        throw error;
      }
      return sending.sent();
    },

    played(audioId, ms) {
      if (!Number.isFinite(ms) || ms < 0) return;
      const sound = sounds.find((other) => other.audioId === audioId);
      if (sound === undefined || ms > sound.lengthMs + AHEAD_OF_CLOCK_MS) return;
      const isWhole = sound.isOver && ms >= sound.lengthMs - END_MS;
      const placeMs = sound.atMs + (isWhole ? sound.lengthMs : Math.min(ms, sound.lengthMs));
      const { stopped } = sound.reply;
      if (stopped === undefined) {
        if (loudspeaker.told(placeMs)) wakeAll();
        return;
      }
      const sinceMs = clock.monotonicMs() - stopped.atMs;
      if (sinceMs > LAST_WORD_MS || placeMs < stopped.toldMs) return;
      if (placeMs > stopped.mostMs + sinceMs + AHEAD_OF_CLOCK_MS) return;
      stopped.toldMs = placeMs;
      stopped.heardMs = placeMs;
    },

    get isSounding() {
      return isSounding();
    },

    async quiet(signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      while (isSounding()) await nextNews(loudspeaker.sentMs, signal);
    },

    heardText: () => (current === undefined ? '' : heardText(current)),
    said: () => current?.ledger.said() ?? '',
    stop,
  };
}
