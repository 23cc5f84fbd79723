import type { ServerMessage } from '@malbeot/protocol';
import { AbortedError } from '../../../lib/abort.ts';
import { deferred, type Deferred } from '../../../lib/deferred.ts';
import type { ManualClock } from '../../../providers/fake/manual-clock.ts';
import type { ConversationOutput } from '../../ports.ts';

export interface PageLoudspeakerOptions {
  readonly clock: ManualClock;
  /** On the way there, in milliseconds; 0 when absent. */
  readonly downlinkMs?: number;
  /** Sound that it collects before it begins to play. */
  readonly bufferMs?: number;
  /** How often it reports; never when absent. */
  readonly reportEveryMs?: number;
  /** Brings a report to the server: late, twice, wrong or not at all, as the test likes. */
  readonly deliver?: (audioId: number, ms: number) => void;
}

/** The loudspeaker of a page, with what it really played. */
export interface PageLoudspeaker extends ConversationOutput {
  readonly messages: readonly ServerMessage[];
  readonly pieces: readonly { readonly audioId: number; readonly sequence: number; readonly ms: number }[];
  /** Sound that it has and did not play yet. */
  readonly heldMs: number;
  readonly sentMs: number;
  /** How far each sound was played at `atMs` of the clock. */
  playedAt(atMs: number): ReadonlyMap<number, number>;
  /** The sound that plays at `atMs`, and how far. */
  placeAt(atMs: number): { readonly audioId: number; readonly ms: number } | undefined;
  /** Shuts or opens the way to it. */
  shut(isShut: boolean): void;
  /** Ends its reports. */
  close(): void;
}

interface Segment {
  readonly audioId: number;
  readonly fromMs: number;
  readonly startsAtMs: number;
  readonly ms: number;
}

export function createPageLoudspeaker(options: PageLoudspeakerOptions): PageLoudspeaker {
  const { clock, downlinkMs = 0, bufferMs = 0, reportEveryMs, deliver = () => {} } = options;
  const messages: ServerMessage[] = [];
  const pieces: { audioId: number; sequence: number; ms: number }[] = [];
  const segments: Segment[] = [];
  const rates = new Map<number, number>();
  const lengths = new Map<number, number>();
  let endsAtMs = 0;
  let sentMs = 0;
  let opened: Deferred<void> | undefined;
  let callOff: (() => void) | undefined;

  const playedAt = (atMs: number) => {
    const played = new Map<number, number>();
    for (const { audioId, fromMs, startsAtMs, ms } of segments) {
      if (startsAtMs < atMs) played.set(audioId, fromMs + Math.min(ms, atMs - startsAtMs));
    }
    return played;
  };
  const placeAt = (atMs: number) => {
    const [audioId, ms] = [...playedAt(atMs)].at(-1) ?? [];
    return audioId === undefined ? undefined : { audioId, ms: ms! };
  };
  const report = () => {
    const place = placeAt(clock.monotonicMs());
    if (place !== undefined) deliver(place.audioId, Math.round(place.ms));
    // Quiet pages say nothing.
    callOff = endsAtMs > clock.monotonicMs() ? clock.after(reportEveryMs!, report) : undefined;
  };

  return {
    messages,
    pieces,
    get heldMs() {
      return Math.max(0, endsAtMs - clock.monotonicMs());
    },
    get sentMs() {
      return sentMs;
    },
    send(message) {
      messages.push(message);
      if (message.type === 'audio_start') rates.set(message.data.audio_id, message.data.sample_rate);
    },
    audio(audioId, sequence, samples) {
      const ms = (samples.length * 1_000) / rates.get(audioId)!;
      pieces.push({ audioId, sequence, ms });
      const arrivesAtMs = clock.monotonicMs() + downlinkMs;
      const startsAtMs = endsAtMs > arrivesAtMs ? endsAtMs : arrivesAtMs + bufferMs;
      const fromMs = lengths.get(audioId) ?? 0;
      segments.push({ audioId, fromMs, startsAtMs, ms });
      lengths.set(audioId, fromMs + ms);
      endsAtMs = startsAtMs + ms;
      sentMs += ms;
      if (reportEveryMs !== undefined) callOff ??= clock.after(reportEveryMs, report);
    },
    room(signal) {
      if (signal.aborted) return Promise.reject(new AbortedError(signal.reason));
      if (opened === undefined) return Promise.resolve();
      const { promise } = opened;
      return new Promise((resolve, reject) => {
        const onAbort = () => reject(new AbortedError(signal.reason));
        signal.addEventListener('abort', onAbort, { once: true });
        void promise.then(() => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        });
      });
    },
    playedAt,
    placeAt,
    shut(isShut) {
      if (isShut) opened ??= deferred();
      else {
        opened?.resolve();
        opened = undefined;
      }
    },
    close: () => callOff?.(),
  };
}
