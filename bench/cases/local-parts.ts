import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { speakByProgram, type ProgramMeasure } from '../lib/espeak-program.ts';
import { type Figure, median, ms, percentile, ratio, table, type TableRow } from '../lib/figures.ts';
import { makeRandomModels, pulledModels, type LocalModel } from '../lib/local-models.ts';
import type { PartMeasure } from '../lib/part-measure.ts';
import { hasProgram } from '../lib/processes.ts';
import { runProbe } from '../lib/run-probe.ts';
import { spokenLines } from '../lib/spoken-lines.ts';
import type { LoopDelay } from '../lib/watch-loop.ts';

export interface LocalPartsOptions {
  /** Folder of pulled models, or a data folder that holds one; null for none. */
  readonly models: string | null;
  readonly quick: boolean;
}

const HEADINGS = [
  'start + load',
  'answer p50 / p95',
  'of real time',
  'MB before, used, idle',
  'loop p99 / longest',
];
/** Said of every model without training. */
const RANDOM = 'path only, random weights: says nothing of a real model';
const STREAMS_AT_ONCE = 20;

/** Every local voice and ear by itself: the shipped ones, those that were pulled, and the path of every family. */
export async function benchLocalParts({ models, quick }: LocalPartsOptions): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'malbeot-bench-models-'));
  try {
    const random = await makeRandomModels(folder);
    const pulled = models === null ? { voices: [], ears: [], missing: [] } : pulledModels(models, 2);
    const count = quick ? 5 : 12;
    const voices = [...pulled.voices, ...random.voices];
    const ears = [...pulled.ears, ...random.ears];
    const shipped = [await shippedVoice(quick ? 12 : 40), await shippedEar(quick ? 12 : 60)];
    return [
      ...table('each in a child of its own', HEADINGS, [
        ...shipped.map(({ row }) => row),
        ...(await rowsOf('voice', voices, ({ manifest, languages: [language = 'ko'] }) =>
          runProbe('voice', { model: manifest, language, texts: spokenLines(language, count + 1) }),
        )),
        ...(await rowsOf('ears', ears, ({ manifest, languages }) =>
          runProbe('ear', { model: manifest, languages, count }),
        )),
      ]),
      ...(models !== null && pulled.voices.length + pulled.ears.length === 0
        ? [{ what: `models pulled into ${models}`, value: 'none' }]
        : []),
      ...random.missing.map((what) => ({ what, value: 'skipped' })),
      ...shipped.flatMap(({ beside }) => beside),
      ...(await streamingEars(ears)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rowsOf<Model extends LocalModel<{ readonly id: string; readonly family: string }>>(
  kind: string,
  models: readonly Model[],
  measure: (model: Model) => Promise<PartMeasure>,
): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const model of models) {
    const { id, family } = model.manifest;
    const what = `${kind} ${model.isRandom ? `${family}, ${RANDOM}` : `${id}, the real thing`}`;
    // One that can't be run must not take the others along.
    const cells = await measure(model).then(cellsOf, (error: unknown) => [`failed: ${firstLine(error)}`]);
    rows.push({ what, cells });
  }
  return rows;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}

function cellsOf({ startMs, loadMs, answersMs, realTimeFactors, memory, loop }: PartMeasure): string[] {
  const megabytes = (value: number | null) => (value === null ? 'unknown' : value.toFixed(0));
  return [
    `${startMs.toFixed(0)} + ${loadMs.toFixed(0)} ms`,
    both(median(answersMs), percentile(answersMs, 0.95)),
    median(realTimeFactors).toFixed(3),
    [memory.before, memory.used, memory.idle].map(megabytes).join(', '),
    delays(loop),
  ];
}

const both = (first: number, second: number) => `${first.toFixed(1)} / ${second.toFixed(1)} ms`;
const delays = ({ p99Ms, longestMs }: LoopDelay) => both(p99Ms, longestMs);

interface Shipped {
  readonly row: TableRow;
  /** What it is compared with. */
  readonly beside: readonly Figure[];
}

async function shippedVoice(count: number): Promise<Shipped> {
  const texts = spokenLines('ko', count + 1);
  const measure = await runProbe('voice', { model: null, language: 'ko', texts });
  const p95 = percentile(measure.answersMs, 0.95);
  return {
    row: {
      what: 'voice espeak, as shipped',
      cells: cellsOf(measure),
      goal: 'first sound p95, goal 40 ms',
      met: p95 <= 40,
    },
    beside: await besideProgram(texts, p95),
  };
}

async function besideProgram(texts: readonly string[], ourP95: number): Promise<Figure[]> {
  const what = "voice espeak beside Debian's espeak-ng, a program for every sentence";
  if (!hasProgram('espeak-ng')) return [{ what, value: 'skipped: needs the program espeak-ng' }];
  const theirs: ProgramMeasure[] = [];
  for (const text of texts) theirs.push(await speakByProgram(text, 'ko'));
  const firsts = theirs.map(({ firstSoundMs }) => firstSoundMs);
  const factor = median(theirs.map(({ wholeMs, soundMs }) => wholeMs / soundMs));
  const p95 = percentile(firsts, 0.95);
  return [
    { what, value: `first sound ${both(median(firsts), p95)}, ${factor.toFixed(3)} of real time` },
    { what: '  first sound p95, theirs to ours', value: ratio(p95 / ourP95) },
  ];
}

async function shippedEar(count: number): Promise<Shipped> {
  const measure = await runProbe('ear', { model: null, languages: ['ko'], count });
  const theirs = await runProbe('earInOwnProcess', { count });
  return {
    row: { what: 'ears demo_ear, as shipped', cells: cellsOf(measure) },
    beside: [
      {
        what: "ears demo_ear beside the same model called in the server's own process",
        value: `loop p99 / longest ${delays(theirs)}`,
      },
      {
        what: '  how long the event loop waits, theirs to ours: p99, longest',
        value: `${ratio(theirs.p99Ms / measure.loop.p99Ms)}, ${ratio(theirs.longestMs / measure.loop.longestMs)}`,
      },
    ],
  };
}

async function streamingEars(ears: Awaited<ReturnType<typeof makeRandomModels>>['ears']): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { manifest, languages, isRandom } of ears) {
    if (manifest.family !== 'streaming-zipformer') continue;
    const one = await runProbe('streams', { model: manifest, languages, count: 1 });
    const many = await runProbe('streams', { model: manifest, languages, count: STREAMS_AT_ONCE });
    figures.push(
      {
        what: `${STREAMS_AT_ONCE} people talk at once to ${isRandom ? `${manifest.family}, ${RANDOM}` : manifest.id}`,
        value: `last sound to text p50 / p95 ${both(median(many.finalMs), percentile(many.finalMs, 0.95))}`,
      },
      { what: '  one person alone', value: ms(one.finalMs[0]!) },
      { what: '  loop p99 / longest', value: delays(many.loop) },
    );
  }
  return figures;
}
