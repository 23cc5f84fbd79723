import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { toPcm16 } from '../../server/src/audio/pcm.ts';
import { demoSounds } from '../lib/demo-sounds.ts';
import { type Figure, ms, percentile, ratio } from '../lib/figures.ts';
import { root } from '../lib/processes.ts';
import { runProbe } from '../lib/run-probe.ts';
import type { TalkMeasure, TalkTask, TogetherMeasure } from '../probes/talk.ts';

/** What `bench/peers/livekit-talk.mjs` prints. */
type PeerMeasure = Pick<TalkMeasure, 'alone' | 'instant' | 'usual'> & {
  readonly interruptions: readonly number[];
};

const run = promisify(execFile);
/** Of full scale, -40 dBFS: what is quieter before the first word is the room. */
const SPEECH_LEVEL = 0.01;
const PEERS = path.join(root, 'bench/peers');
const INSTALL_LIMIT_MS = 300_000;
const PROBE_LIMIT_MS = 400_000;
const PEER_LIMIT_MS = 400_000;

const p50 = (values: readonly number[]) => percentile(values, 0.5);
const p95 = (values: readonly number[]) => percentile(values, 0.95);
const both = (values: readonly number[]) => `${ms(p50(values))} / ${ms(p95(values))}`;

/** Null, with the reason, where it can't be installed or does not run here. */
async function measurePeer(task: TalkTask): Promise<PeerMeasure | string> {
  try {
    if (!existsSync(path.join(PEERS, 'node_modules/@livekit/agents'))) {
      console.log('· Installing LiveKit Agents JS beside the benchmark …');
      await run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
        cwd: PEERS,
        timeout: INSTALL_LIMIT_MS,
      });
    }
    const { stdout } = await run(process.execPath, ['livekit-talk.mjs', JSON.stringify(task)], {
      cwd: PEERS,
      timeout: PEER_LIMIT_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as PeerMeasure;
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0]! : String(error);
  }
}

/**
 * What a conversation adds to providers that answer at once: from the final transcript to the first sound, alone and with many
 * at once, and how quickly it gives way to who cuts in. Beside LiveKit Agents JS, in the same run.
 */
export async function benchTalk(quick: boolean): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'malbeot-bench-'));
  try {
    const speechFile = path.join(folder, 'speech.pcm');
    const sound = demoSounds()[0]!;
    const beginsAt = sound.findIndex((sample) => Math.abs(sample) > SPEECH_LEVEL);
    await writeFile(speechFile, Buffer.from(toPcm16(sound.slice(beginsAt)).buffer));
    const task: TalkTask = {
      turns: quick ? 30 : 100,
      sessions: 50,
      turnsEach: quick ? 2 : 6,
      speechFile,
      interruptions: quick ? 2 : 8,
    };
    const ours = await runProbe('talk', task, PROBE_LIMIT_MS);
    const hundred = await runProbe(
      'talk',
      { ...task, turns: 0, sessions: 100, interruptions: 0 },
      PROBE_LIMIT_MS,
    );
    const peer = await measurePeer(task);
    return [...ownFigures(ours), ...hundredFigures(hundred.instant), ...besidePeer(ours, peer)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ownFigures({
  alone,
  instant,
  usual,
  ducked,
  stopped,
  restored,
  firstClause,
}: TalkMeasure): Figure[] {
  const within = (values: readonly number[], [median, most]: readonly [number, number]) => ({
    goal: `goal ${median} / ${most} ms`,
    met: p50(values) <= median && p95(values) <= most,
  });
  const under = (values: readonly number[], most: number) => ({
    goal: `goal ${most} ms`,
    met: percentile(values, 1) <= most,
  });
  return [
    {
      what: 'final transcript to first sound, one conversation: p50 / p95',
      value: both(alone),
      ...within(alone, [2, 5]),
    },
    { what: '  50 at once', value: both(instant.measured), ...within(instant.measured, [5, 15]) },
    { what: '  50 at once, mind 200 ms and voice 100 ms taken off', value: both(usual.measured) },
    {
      what: '  cores used by the 50, and memory of each',
      value: `${instant.cores.toFixed(2)}, ${instant.megabytesEach.toFixed(2)} MB`,
      goal: 'goal 2 MB',
      met: instant.megabytesEach < 2,
    },
    {
      what: '"네." at the voice after its token: most',
      value: ms(percentile(firstClause, 1)),
      ...under(firstClause, 30),
    },
    { what: 'first sample of who cuts in to `duck`: p50 / most', value: most(ducked), ...under(ducked, 100) },
    { what: 'certain words to `interrupted`: p50 / most', value: most(stopped), ...under(stopped, 100) },
    { what: 'last sample of "네" to `restore`: p50 / most', value: most(restored), ...under(restored, 350) },
  ];
}

const most = (values: readonly number[]) => `${ms(p50(values))} / ${ms(percentile(values, 1))}`;

function hundredFigures({ measured, cores, megabytesEach }: TogetherMeasure): Figure[] {
  return [
    {
      what: '100 conversations at once: added p95',
      value: ms(p95(measured)),
      goal: 'goal 50 ms',
      met: p95(measured) < 50,
    },
    { what: '  cores used, memory of each', value: `${cores.toFixed(2)}, ${megabytesEach.toFixed(2)} MB` },
  ];
}

function besidePeer(ours: TalkMeasure, peer: PeerMeasure | string): Figure[] {
  if (typeof peer === 'string') return [{ what: 'beside LiveKit Agents JS', value: `skipped: ${peer}` }];
  const beside = (what: string, our: readonly number[], their: readonly number[]): Figure => ({
    what: `  ${what}: theirs p50 / p95 ${both(their)}, theirs to ours`,
    value: `${ratio(p50(their) / p50(our))} / ${ratio(p95(their) / p95(our))}`,
  });
  return [
    { what: 'beside LiveKit Agents JS', value: `${peer.instant.cores.toFixed(2)} cores for its 50` },
    beside('one conversation', ours.alone, peer.alone),
    beside('50 at once', ours.instant.measured, peer.instant.measured),
    beside('50 at once, 300 ms taken off', ours.usual.measured, peer.usual.measured),
    beside('first sample of who cuts in to the loudspeaker quieter', ours.ducked, peer.interruptions),
  ];
}
