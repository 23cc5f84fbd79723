import { type Figure, median, percentile, table } from '../lib/figures.ts';
import { runProbe } from '../lib/run-probe.ts';

const MICROPHONES = 200;
/** What one open microphone takes of a core with LiveKit's agents and their Silero, in silence, measured on one machine. */
const LIVEKIT_SHARE = [1.3, 1.6] as const;
const NOTICED_GOAL_MS = 150;

/** Two hundred open microphones in room noise: what they take of a core, and how soon each notices who speaks. */
export async function benchOpenMicrophones(quick: boolean): Promise<Figure[]> {
  const measure = await runProbe('openMicrophones', {
    microphones: MICROPHONES,
    seconds: quick ? 6 : 20,
    burstsPerSecond: 6,
  });
  const {
    mainMsPerSecond,
    childMsPerSecond,
    noticedMs,
    missed,
    phantoms,
    phantomTurns,
    frames,
    status,
    loop,
  } = measure;
  const share = childMsPerSecond === null ? null : (mainMsPerSecond + childMsPerSecond) / 10;
  const longest = Math.max(...noticedMs);
  return [
    ...table(
      `${MICROPHONES} open microphones at -50 dBFS with breaths and clicks, ${noticedMs.length + missed} sentences at -35 dBFS`,
      [
        'this process',
        "the model's",
        'frames to the model',
        'frames a batch',
        'loop p99 / longest',
        'MB of the model',
      ],
      [
        {
          what: '  of a core',
          cells: [
            percent(mainMsPerSecond / 10),
            childMsPerSecond === null ? 'unknown' : percent(childMsPerSecond / 10),
            percent((status.judgedByModel / frames) * 100),
            (status.judgedByModel / status.batches).toFixed(1),
            `${loop.p99Ms.toFixed(1)} / ${loop.longestMs.toFixed(1)} ms`,
            measure.childMegabytes?.toFixed(0) ?? 'unknown',
          ],
        },
      ],
    ),
    {
      what: '  together',
      value: share === null ? 'unknown' : `${percent(share)} of a core`,
      goal: 'one core',
      ...(share === null ? {} : { met: share <= 100 }),
    },
    {
      what: '  a microphone',
      value: share === null ? 'unknown' : `${(share / MICROPHONES).toFixed(2)} % of a core`,
      goal: `LiveKit ${LIVEKIT_SHARE.join(' to ')} %, in silence`,
    },
    {
      what: '  first sound to the first frame called speech, p50 / p95 / longest',
      value: `${[median(noticedMs), percentile(noticedMs, 0.95), longest].map((ms) => ms.toFixed(0)).join(' / ')} ms`,
      goal: `p95 ${NOTICED_GOAL_MS} ms`,
      met: percentile(noticedMs, 0.95) <= NOTICED_GOAL_MS,
    },
    { what: '  sentences missed', value: String(missed), goal: '0', met: missed === 0 },
    {
      what: '  taken for somebody who speaks (200 ms), and nobody spoke',
      value: String(phantomTurns),
      goal: '0',
      met: phantomTurns === 0,
    },
    { what: '  breaths of which a frame was called speech', value: String(phantoms) },
    { what: '  frames judged by level, because the model was late', value: String(status.judgedByLevel) },
  ];
}

const percent = (value: number) => `${value.toFixed(1)} %`;
