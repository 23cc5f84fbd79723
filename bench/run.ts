// `npm run bench [-- reads start understanding turns talk simulator microphones synthesis parts sound memory] [-- --quick] [-- --models FOLDER]`: everything
// measured, each beside its baseline. Models that were pulled are measured from FOLDER, or from the folder MALBEOT_DATA.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { benchLocalParts } from './cases/local-parts.ts';
import { memoryFigures } from './cases/memory.ts';
import { benchOpenMicrophones } from './cases/open-microphones.ts';
import { benchReads } from './cases/reads.ts';
import { benchSimulatedTalks } from './cases/simulated-talks.ts';
import { benchSoundWork } from './cases/sound-work.ts';
import { benchStart } from './cases/start.ts';
import { benchSynthesis } from './cases/synthesis.ts';
import { benchTalk } from './cases/talk.ts';
import { benchTurnLoad, benchTurns } from './cases/turns.ts';
import { benchUnderstanding } from './cases/understanding.ts';
import { type Figure, printFigures } from './lib/figures.ts';
import { root, startMalbeot } from './lib/processes.ts';
import { speakOrders } from './lib/spoken-orders.ts';

const {
  values: { quick, models = process.env['MALBEOT_DATA'] ?? null },
  positionals: chosen,
} = parseArgs({
  options: { quick: { type: 'boolean', default: false }, models: { type: 'string' } },
  allowPositionals: true,
});
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
    if (wants('synthesis')) tell('Synthesis', await benchSynthesis(server, quick ? 20 : 100));
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
if (wants('parts')) tell('Local parts', await benchLocalParts({ models, quick }));
if (wants('talk')) tell('Realtime talk', await benchTalk(quick));
if (wants('simulator')) tell('Simulator', await benchSimulatedTalks(quick));
if (wants('microphones')) tell('Open microphones', await benchOpenMicrophones(quick));
if (wants('sound')) tell('Sound', await benchSoundWork(quick));
if (wants('turns') || wants('synthesis') || wants('memory')) await benchOneServer();

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
