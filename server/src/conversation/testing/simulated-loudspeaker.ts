import type { ManualClock } from '../../providers/fake/manual-clock.ts';

export interface SimulatedLoudspeakerOptions {
  readonly clock: ManualClock;
  /** How often it tells how far it got; 100 ms. */
  readonly reportEveryMs?: number;
  /** Sound that waits before it begins; 60 ms. */
  readonly startBufferMs?: number;
  readonly onPlayed: (audioId: number, ms: number) => void;
}

/** The person's end of the line: plays sounds one after the other, quieter or not at all when it is told to. */
export interface SimulatedLoudspeaker {
  begin(audioId: number, sampleRate: number, text: string): void;
  sound(audioId: number, samples: number): void;
  duck(decibels: number): void;
  restore(): void;
  stop(): void;
  readonly isPlaying: boolean;
  /** Decibels it is turned down by. */
  readonly duckedBy: number;
  /** What was really heard so far: every sound's text with how much of the sound was played, 0..1 of what was sent of it. */
  played(): readonly { readonly text: string; readonly playedMs: number; readonly sentMs: number }[];
}

const TICK_MS = 10;

export function createSimulatedLoudspeaker(options: SimulatedLoudspeakerOptions): SimulatedLoudspeaker {
  const { clock, reportEveryMs = 100, startBufferMs = 60, onPlayed } = options;
  const sounds: {
    id: number;
    rate: number;
    text: string;
    sentMs: number;
    playedMs: number;
    isOver: boolean;
  }[] = [];
  let duckedBy = 0;
  let isRunning = false;
  let sinceReportMs = 0;

  const current = () => sounds.find(({ isOver, sentMs, playedMs }) => !isOver && playedMs < sentMs);
  const report = ({ id, playedMs }: { id: number; playedMs: number }) => onPlayed(id, Math.round(playedMs));
  const tick = () => {
    let leftMs = TICK_MS;
    for (let sound = current(); sound !== undefined && leftMs > 0; sound = current()) {
      const step = Math.min(leftMs, sound.sentMs - sound.playedMs);
      sound.playedMs += step;
      leftMs -= step;
      if (sound.playedMs >= sound.sentMs) report(sound);
    }
    sinceReportMs += TICK_MS;
    const sound = current();
    if (sound === undefined) {
      isRunning = false;
      return;
    }
    if (sinceReportMs >= reportEveryMs) {
      sinceReportMs = 0;
      report(sound);
    }
    clock.after(TICK_MS, tick);
  };

  return {
    get isPlaying() {
      return isRunning;
    },
    get duckedBy() {
      return duckedBy;
    },
    begin(id, rate, text) {
      sounds.push({ id, rate, text, sentMs: 0, playedMs: 0, isOver: false });
    },
    sound(audioId, samples) {
      const sound = sounds.find(({ id }) => id === audioId);
      if (sound === undefined || sound.isOver) return;
      sound.sentMs += (samples / sound.rate) * 1000;
      if (isRunning) return;
      isRunning = true;
      clock.after(startBufferMs, tick);
    },
    duck(decibels) {
      duckedBy = decibels;
    },
    restore() {
      duckedBy = 0;
    },
    stop() {
      const sound = current();
      for (const each of sounds) each.isOver = true;
      duckedBy = 0;
      if (sound !== undefined) report(sound);
    },
    played: () => sounds.map(({ text, playedMs, sentMs }) => ({ text, playedMs, sentMs })),
  };
}
