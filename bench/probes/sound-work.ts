import { spawnSync } from 'node:child_process';
import { createLoudnessStream } from '../../server/src/audio/loudness-stream.ts';
import { createResampler, resample } from '../../server/src/audio/resample.ts';
import { createStreamEncoder, type StreamFormat } from '../../server/src/audio/stream-encoder.ts';
import { measureResampler, type ResampleFunction } from '../../server/src/audio/testing/measure-resampler.ts';
import { hasSoxr, soxrResample } from '../../server/src/audio/testing/soxr-resample.ts';
import { longSpeech } from '../lib/demo-sounds.ts';
import { median } from '../lib/figures.ts';
import { hasProgram } from '../lib/processes.ts';

/** One kind of work on sound that runs in the server's own event loop. */
export interface SoundWork {
  readonly what: string;
  /** Milliseconds of work for each second of sound. */
  readonly msPerSecond: number;
  /** The longest piece of it: so long the event loop waits. */
  readonly longestMs: number;
  /** The same by `ffmpeg`, without its start; null where it is not installed. */
  readonly ffmpegMsPerSecond: number | null;
  /** What comes out, ours and soxr's, where that can be measured: signal to noise of tones, in decibels. */
  readonly toneSnr?: readonly [ours: number, soxr: number | null];
}

/** Longest stretch that the server works on at once, in seconds. */
const PIECE_SECONDS = 0.25;
/** The built-in voice's rate and Supertonic's. */
const VOICE_RATES = [22_050, 44_100] as const;
/** From a microphone and from a voice to what ears take. */
const CONVERSIONS = [
  [48_000, 16_000],
  [44_100, 16_000],
  [24_000, 16_000],
] as const;

/** Everything that is done to sound in JavaScript, `seconds` of speech each. */
export async function soundWork({ seconds }: { readonly seconds: number }): Promise<readonly SoundWork[]> {
  const work: SoundWork[] = CONVERSIONS.map(([from, to]) => resampling(from, to, seconds));
  for (const rate of VOICE_RATES) {
    const speech = longSpeech(seconds, rate);
    const loudness = createLoudnessStream({ sampleRate: rate, priorGainDb: 6 });
    work.push({
      what: `loudness, ${rate} Hz`,
      ...inPieces(speech, rate, (piece) => loudness.push(piece)),
      ffmpegMsPerSecond: byFfmpeg(rate, ['-af', 'loudnorm=I=-16:TP=-1', '-f', 'f32le']),
    });
    for (const format of ['wav', 'mp3', 'ogg'] as const) work.push(await encoding(format, speech, rate));
  }
  return work;
}

function resampling(from: number, to: number, seconds: number): SoundWork {
  const speech = longSpeech(seconds, from);
  const resampler = createResampler(from, to);
  const snr = (by: ResampleFunction) => measureResampler(by, from, to).toneSnr;
  return {
    what: `resampling, ${from} to ${to} Hz`,
    ...inPieces(speech, from, (piece) => resampler.push(piece)),
    ffmpegMsPerSecond: byFfmpeg(from, ['-af', `aresample=${to}:resampler=soxr:precision=28`, '-f', 'f32le']),
    toneSnr: [snr(resample), hasSoxr() ? snr(soxrResample) : null],
  };
}

const FFMPEG_ARGUMENTS = {
  wav: ['-c:a', 'pcm_s16le', '-f', 'wav'],
  mp3: ['-c:a', 'libmp3lame', '-b:a', '64k', '-f', 'mp3'],
  ogg: ['-c:a', 'libvorbis', '-q:a', '3', '-f', 'ogg'],
} as const;

async function encoding(
  format: Exclude<StreamFormat, 'pcm'>,
  speech: Float32Array<ArrayBuffer>,
  rate: number,
): Promise<SoundWork> {
  const encoder = await createStreamEncoder(format, rate);
  try {
    return {
      what: `encoding ${format}, ${rate} Hz`,
      ...inPieces(speech, rate, (piece) => encoder.push(piece)),
      ffmpegMsPerSecond: byFfmpeg(rate, FFMPEG_ARGUMENTS[format]),
    };
  } finally {
    encoder.close();
  }
}

/** Does `work` piece by piece. The first two seconds only warm up. */
function inPieces(
  speech: Float32Array<ArrayBuffer>,
  rate: number,
  work: (piece: Float32Array<ArrayBuffer>) => unknown,
): Pick<SoundWork, 'msPerSecond' | 'longestMs'> {
  const step = Math.round(rate * PIECE_SECONDS);
  const times: number[] = [];
  for (let at = 0; at < speech.length; at += step) {
    const piece = speech.subarray(at, at + step);
    const startedAt = performance.now();
    work(piece);
    times.push(performance.now() - startedAt);
  }
  const warm = times.slice(2 / PIECE_SECONDS);
  return { msPerSecond: median(warm) / PIECE_SECONDS, longestMs: Math.max(...warm) };
}

const SHORT_SECONDS = 1;
const LONG_SECONDS = 21;
const ROUNDS = 3;

/** Milliseconds of `ffmpeg` for each second of speech: what long speech takes longer than short. Null without ffmpeg. */
function byFfmpeg(rate: number, args: readonly string[]): number | null {
  if (!hasProgram('ffmpeg')) return null;
  const speech = Buffer.from(longSpeech(LONG_SECONDS, rate).buffer);
  const shortBytes = SHORT_SECONDS * rate * Float32Array.BYTES_PER_ELEMENT;
  const all = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-f',
    'f32le',
    '-ar',
    `${rate}`,
    '-ac',
    '1',
    '-i',
    'pipe:0',
  ];
  const run = (input: Buffer) => {
    const startedAt = performance.now();
    const { status } = spawnSync('ffmpeg', [...all, ...args, 'pipe:1'], { input, maxBuffer: 2 ** 28 });
    return status === 0 ? performance.now() - startedAt : Number.NaN;
  };
  // A start takes longer than the work: the least of each is what was not disturbed.
  const least = (input: Buffer) => Math.min(...Array.from({ length: ROUNDS }, () => run(input)));
  const took = least(speech) - least(speech.subarray(0, shortBytes));
  return Number.isNaN(took) ? null : Math.max(0, took) / (LONG_SECONDS - SHORT_SECONDS);
}
