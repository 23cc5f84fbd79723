// `npm run bench [-- reads start understanding turns memory] [-- --quick]`: everything measured, each beside its baseline.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { memoryFigures } from './cases/memory.ts';
import { benchReads } from './cases/reads.ts';
import { benchStart } from './cases/start.ts';
import { benchTurnLoad, benchTurns } from './cases/turns.ts';
import { benchUnderstanding } from './cases/understanding.ts';
import { type Figure, printFigures } from './lib/figures.ts';
import { root, startMalbeot } from './lib/processes.ts';
import { speakOrders } from './lib/spoken-orders.ts';

const given = process.argv.slice(2);
const quick = given.includes('--quick');
const chosen = given.filter((argument) => !argument.startsWith('-'));
const wants = (name: string) => chosen.length === 0 || chosen.includes(name);
const seconds = quick ? 2 : 5;
const report: Record<string, Figure[]> = {};

function tell(title: string, figures: Figure[]): void {
  report[title] = figures;
  printFigures(title, figures);
}

async function benchOneServer(): Promise<void> {
  console.log('\n· Speaking 200 orders with the built-in voice …');
  const orders = wants('turns') ? await speakOrders(quick ? 40 : 200) : [];
  const server = await startMalbeot();
  try {
    if (wants('memory')) {
      const restSeconds = quick ? 5 : 60;
      console.log(`· Resting ${restSeconds} s before memory is read …`);
      await new Promise((resolve) => setTimeout(resolve, restSeconds * 1000));
      tell(
        'Memory at rest',
        await memoryFigures(server.pid, `${restSeconds} s after start`, { web: 120, all: 450 }),
      );
    }
    if (wants('turns')) {
      tell('Kiosk turns', await benchTurns(server, orders));
      tell('Kiosk turns under load', await benchTurnLoad(server, seconds));
    }
    if (wants('memory'))
      tell('Memory after the load', await memoryFigures(server.pid, 'after', { web: 200, all: 450 }));
  } finally {
    await server.stop();
  }
}

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
);
if (wants('start')) tell('Start', await benchStart(quick ? 2 : 5));
if (wants('reads')) tell('Cached reads', await benchReads(quick ? 1 : 3, seconds));
if (wants('understanding')) tell('Understanding', benchUnderstanding(quick ? 2 : 10));
if (wants('turns') || wants('memory')) await benchOneServer();

const missed = Object.values(report)
  .flat()
  .filter(({ met }) => met === false);
console.log(
  missed.length === 0
    ? '\nEvery goal is met.'
    : `\nGoals missed: ${missed.map(({ what }) => what.trim()).join('; ')}`,
);
const results = path.join(root, 'bench/results');
await mkdir(results, { recursive: true });
await writeFile(
  path.join(results, 'latest.json'),
  JSON.stringify({ node: process.version, at: new Date().toISOString(), report }, null, 2),
);
