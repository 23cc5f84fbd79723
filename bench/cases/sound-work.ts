import { type Figure, median, percentile, ratio, table } from '../lib/figures.ts';
import { runProbe } from '../lib/run-probe.ts';
import type { LoopDelay } from '../lib/watch-loop.ts';

const both = (first: number, second: number) => `${first.toFixed(1)} / ${second.toFixed(1)} ms`;
const delays = ({ p99Ms, longestMs }: LoopDelay) => both(p99Ms, longestMs);

/** Files in, work on sound in JavaScript, and what the chain adds: all that is between a door and a part. */
export async function benchSoundWork(quick: boolean): Promise<Figure[]> {
  return [
    ...(await files(quick ? 10 : 30)),
    ...(await work(quick ? 6 : 12)),
    ...(await longSound()),
    ...(await chains(quick ? 300 : 2_000)),
  ];
}

async function files(count: number): Promise<Figure[]> {
  const measures = await runProbe('decoding', { count });
  return table(
    'Files in, decoded in threads',
    [
      'whole file p50 / p95',
      'ms a second of sound',
      'loop p99 / longest',
      "ffmpeg's program p50",
      'ffmpeg to ours',
    ],
    measures.map(({ file, soundMs, ms, loop, ffmpegMs }) => ({
      what: `  ${file}, ${(soundMs / 1000).toFixed(1)} s${file.endsWith('.m4a') ? ' (AAC: by the program ffmpeg)' : ''}`,
      cells: [
        both(median(ms), percentile(ms, 0.95)),
        ((median(ms) / soundMs) * 1000).toFixed(1),
        delays(loop),
        ...(ffmpegMs.length === 0
          ? ['not installed']
          : [`${median(ffmpegMs).toFixed(1)} ms`, ratio(median(ffmpegMs) / median(ms))]),
      ],
    })),
  );
}

async function work(seconds: number): Promise<Figure[]> {
  const measures = await runProbe('soundWork', { seconds });
  return table(
    'Work on sound in the event loop, a quarter of a second at once',
    ['ms a second of sound', 'longest piece', 'ffmpeg, without its start', 'tones to noise'],
    measures.map(({ what, msPerSecond, longestMs, ffmpegMsPerSecond, toneSnr }) => ({
      what: `  ${what}`,
      cells: [
        msPerSecond.toFixed(2),
        `${longestMs.toFixed(1)} ms`,
        ffmpegMsPerSecond === null ? 'not installed' : ffmpegMsPerSecond.toFixed(2),
        toneSnr === undefined
          ? ''
          : `${toneSnr[0].toFixed(0)} dB (soxr ${toneSnr[1] === null ? 'not installed' : `${toneSnr[1].toFixed(0)} dB`})`,
      ],
    })),
  );
}

async function longSound(): Promise<Figure[]> {
  const { inOneGo, inSlices, nothing } = await runProbe('longSound', { times: 3 });
  return table(
    'A WAV of 60 s at 48 kHz made ready for the ears',
    ['loop p99 / longest'],
    [
      { what: '  in one go', cells: [delays(inOneGo)] },
      { what: '  in slices, as the server does', cells: [delays(inSlices)] },
      { what: '  beside a process that does nothing', cells: [delays(nothing)] },
    ],
  );
}

async function chains(count: number): Promise<Figure[]> {
  const { voice, ears } = await runProbe('chain', { count });
  return table(
    `What a chain of three adds to a fake that answers at once, ${count} calls`,
    ['alone p50 / p95', 'through the chain p50 / p95', 'added p50'],
    [voice, ears].map(({ alone, chained }, index) => ({
      what: index === 0 ? '  voice, to the first sound' : '  ears, to the text',
      cells: [
        inFull(median(alone), percentile(alone, 0.95)),
        inFull(median(chained), percentile(chained, 0.95)),
        `${(median(chained) - median(alone)).toFixed(3)} ms`,
      ],
    })),
  );
}

const inFull = (first: number, second: number) => `${first.toFixed(3)} / ${second.toFixed(3)} ms`;
