import { pullModel } from '../pull-model.ts';
import { quickLimits } from './pull-bench.ts';
import { tinyModel } from './tiny-model.ts';

/** A process that pulls the tiny model from argv[2] into argv[3], and says what it does, a word a line. */
const [, , base, folder] = process.argv as unknown as [string, string, string, string];
const { model } = await tinyModel({ base });
await pullModel({
  model,
  folder,
  mirror: null,
  offline: null,
  signal: new AbortController().signal,
  onEvent: ({ type, file }) => void process.stdout.write(`${type} ${file}\n`),
  freeBytes: () => Promise.resolve(1e12),
  now: () => 0,
  limits: { ...quickLimits, stallMs: 20_000 },
});
process.stdout.write('done\n');
