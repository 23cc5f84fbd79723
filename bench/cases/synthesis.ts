import { type Figure, ms, percentile, ratio } from '../lib/figures.ts';
import { hasProgram, residentMemory, type RunningServer, startFastApi } from '../lib/processes.ts';
import { spokenLines } from '../lib/spoken-lines.ts';

/** One spoken answer, as who asked for it sees it. */
interface Synthesis {
  /** From the request to the first byte of sound: the header of a WAV is none. */
  readonly firstSoundMs: number;
  readonly wholeMs: number;
  readonly bytes: number;
  readonly ok: boolean;
}

const WAV_HEADER_BYTES = 44;

/** `count` texts, all different, so that no cache knows them. */
function texts(count: number): readonly string[] {
  return spokenLines('ko', count).map((line, index) => `${index + 1}번 손님, ${line}`);
}

async function synthesize(url: string, body: Readonly<Record<string, unknown>>): Promise<Synthesis> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  let bytes = 0;
  let firstSoundMs = Number.NaN;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (Number.isNaN(firstSoundMs) && bytes > WAV_HEADER_BYTES) firstSoundMs = performance.now() - startedAt;
  }
  const wholeMs = performance.now() - startedAt;
  return { firstSoundMs, wholeMs, bytes, ok: response.ok && bytes > 1_000 };
}

async function oneByOne(url: string, all: readonly string[]): Promise<Synthesis[]> {
  const done: Synthesis[] = [];
  for (const text of all) done.push(await synthesize(url, { text }));
  return done;
}

const atOnce = (url: string, all: readonly string[]) =>
  Promise.all(all.map((text) => synthesize(url, { text })));

const p50 = (done: readonly Synthesis[], what: 'firstSoundMs' | 'wholeMs') =>
  percentile(
    done.map((one) => one[what]),
    0.5,
  );
const p95 = (done: readonly Synthesis[], what: 'firstSoundMs' | 'wholeMs') =>
  percentile(
    done.map((one) => one[what]),
    0.95,
  );
const failed = (done: readonly Synthesis[]) => done.filter(({ ok }) => !ok).length;

/** `POST /api/tts/synthesize` with the built-in voice, beside FastAPI in front of the same synthesiser as a program. */
export async function benchSynthesis(server: RunningServer, count: number): Promise<Figure[]> {
  const door = `${server.baseUrl}/api/tts/synthesize`;
  const all = texts(count + 41);
  const [first] = await oneByOne(door, all.slice(0, 1));
  const alone = await oneByOne(door, all.slice(1, count + 1));
  const again = await oneByOne(door, all.slice(1, count + 1));
  const before = await residentMemory(server.pid);
  const forty = await atOnce(door, all.slice(count + 1));
  const after = await residentMemory(server.pid);
  const figures: Figure[] = [
    {
      what: 'first synthesis of the process, the voice loading, to the first sound',
      value: ms(first!.firstSoundMs),
    },
    {
      what: `first sound p95, ${count} different texts one by one, nothing cached`,
      value: ms(p95(alone, 'firstSoundMs')),
      goal: 'goal 40 ms',
      met: p95(alone, 'firstSoundMs') <= 40,
    },
    {
      what: '  p50, and p50 / p95 of the whole sound',
      value: `${ms(p50(alone, 'firstSoundMs'))}, ${ms(p50(alone, 'wholeMs'))} / ${ms(p95(alone, 'wholeMs'))}`,
    },
    { what: '  the same again, from the cache: first sound p95', value: ms(p95(again, 'firstSoundMs')) },
    {
      what: '40 at once: first sound p50 / p95',
      value: `${ms(p50(forty, 'firstSoundMs'))} / ${ms(p95(forty, 'firstSoundMs'))}`,
    },
    { what: '  the last of them whole after', value: ms(Math.max(...forty.map(({ wholeMs }) => wholeMs))) },
    {
      what: '  memory of the web process, before and after',
      value: `${(before['web'] ?? 0).toFixed(1)} / ${(after['web'] ?? 0).toFixed(1)} MB`,
    },
    {
      what: 'syntheses that failed',
      value: String(failed([first!, ...alone, ...again, ...forty])),
      goal: '0',
      met: failed([first!, ...alone, ...again, ...forty]) === 0,
    },
  ];
  return [...figures, ...(await besidePeer(alone, forty, all, count))];
}

async function besidePeer(
  alone: readonly Synthesis[],
  forty: readonly Synthesis[],
  all: readonly string[],
  count: number,
): Promise<Figure[]> {
  const peer = hasProgram('espeak-ng') ? await startFastApi('fastapi_speech') : null;
  if (peer === null) {
    return [
      { what: "beside FastAPI and espeak-ng's program", value: 'skipped: needs FastAPI and espeak-ng' },
    ];
  }
  try {
    const door = `${peer.baseUrl}/synthesize`;
    await oneByOne(door, all.slice(0, 1));
    const theirs = await oneByOne(door, all.slice(1, count + 1));
    const theirForty = await atOnce(door, all.slice(count + 1));
    const beside = (what: string, our: number, their: number): Figure => ({
      what: `  ${what}: theirs ${ms(their)}, theirs to ours`,
      value: ratio(their / our),
    });
    return [
      {
        what: "beside FastAPI and espeak-ng's program, which does no loudness",
        value: `${failed(theirs)} failed`,
      },
      beside('first sound p95', p95(alone, 'firstSoundMs'), p95(theirs, 'firstSoundMs')),
      beside('40 at once, first sound p95', p95(forty, 'firstSoundMs'), p95(theirForty, 'firstSoundMs')),
    ];
  } finally {
    await peer.stop();
  }
}
