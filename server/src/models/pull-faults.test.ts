import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MODEL_RECORD } from './installed-model.ts';
import type { Fault } from './testing/fault-mirror.ts';
import { openPullBench, quickLimits } from './testing/pull-bench.ts';
import { seededRandom } from './testing/tiny-model.ts';
import { verifyModel } from './verify-model.ts';

const SEQUENCES = 200;
const limits = { ...quickLimits, stallMs: 40, idleTries: 3 };

function anyFault(random: () => number): Fault {
  const at = random();
  const faults: readonly Fault[] = [
    { type: 'none' },
    { type: 'reset' },
    { type: 'cut', at },
    { type: 'cut', at: 0 },
    { type: 'stall', at },
    { type: 'status', status: [400, 401, 404, 429, 500, 503][Math.floor(at * 6)]! },
    { type: 'short', at },
    { type: 'long' },
    { type: 'quiet-end', at },
    { type: 'endless' },
    { type: 'corrupt', at },
    { type: 'changed' },
    { type: 'changed-range' },
    { type: 'ignores-range' },
    { type: 'wrong-range' },
    { type: 'no-validator' },
    { type: 'loop' },
    { type: 'to-file' },
    { type: 'gzip' },
    { type: 'page' },
    { type: 'unsatisfiable' },
  ];
  return faults[Math.floor(random() * faults.length)]!;
}

it(
  `leaves a whole model or none, whatever a server does (${SEQUENCES} seeded sequences)`,
  { timeout: 120_000 },
  async () => {
    const { signal } = new AbortController();
    const ended = { whole: 0, none: 0 };
    // Known and unknown hashes; the folder stays, so that each pull finds what the last one has left.
    const benches = [await openPullBench(), await openPullBench(), await openPullBench({ isKnown: false })];
    try {
      for (let seed = 1; seed <= SEQUENCES; seed++) {
        const random = seededRandom(seed);
        const isKnown = seed % 3 !== 0;
        const bench = benches[seed % 3 === 0 ? 2 : seed % 2]!;
        const stopping = new AbortController();
        const stopAt = random() < 0.2 ? Math.floor(random() * 12) : Number.POSITIVE_INFINITY;
        let events = 0;
        bench.mirror.plan(...Array.from({ length: Math.floor(random() * 9) }, () => anyFault(random)));
        bench.mirror.setPiece(1 + Math.floor(random() * 30_000));
        const onEvent = () => {
          if (++events > stopAt) stopping.abort(new Error('stopped'));
        };
        const mirror = random() < 0.5 ? `${bench.mirror.url}/mirror` : null;
        const before = bench.installed()?.pulledAt ?? null;
        const pulled = await bench
          .pull({ limits, mirror, onEvent, signal: stopping.signal, now: () => seed })
          .catch((error: unknown) => {
            const { name } = error as Error;
            if (!['PullError', 'AbortError'].includes(name)) throw error;
            return null;
          });
        const installed = bench.installed();
        if (installed === null) {
          ended.none++;
          expect(pulled, `seed ${seed}`).toBeNull();
          expect(existsSync(join(bench.home, MODEL_RECORD)), `seed ${seed}`).toBe(false);
        } else {
          ended.whole++;
          if (pulled === null) expect(installed.pulledAt, `seed ${seed}`).toBe(before);
          expect((await verifyModel(installed, signal)).problems, `seed ${seed}`).toEqual([]);
          if (isKnown) expect(bench.isTrue(), `seed ${seed}`).toBe(true);
        }
        bench.mirror.forget();
        // Most sequences begin without a model; the others over one.
        if (random() < 0.7) bench.removeHome();
      }
    } finally {
      for (const bench of benches) await bench.close();
    }
    expect(ended.whole).toBeGreaterThan(SEQUENCES / 5);
    expect(ended.none).toBeGreaterThan(SEQUENCES / 20);
  },
);
