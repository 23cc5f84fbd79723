import { type Figure, median, perSecond, ratio } from '../lib/figures.ts';
import { load } from '../lib/load.ts';
import {
  hasProgram,
  type RunningServer,
  startBareNode,
  startFastApi,
  startMalbeot,
} from '../lib/processes.ts';

/**
 * Cached menu reads with every duty on, beside FastAPI with the same duties, FastAPI bare, and bare node:http answering as
 * many bytes. Rounds alternate between the servers, so that a busy machine is as unfair to one as to the other.
 */
export async function benchReads(rounds: number, seconds: number): Promise<Figure[]> {
  if (!hasProgram('wrk'))
    return [{ what: 'menu read', value: 'skipped: needs the program wrk (Debian: wrk)' }];
  const malbeot = await startMalbeot({ pinned: true });
  const bytes = (await (await fetch(`${malbeot.baseUrl}/api/kiosk/menu`)).arrayBuffer()).byteLength;
  const duties = await startFastApi('fastapi_same_duties');
  const plain = await startFastApi('fastapi_baseline');
  const ceiling = await startBareNode(bytes);
  const targets: { server: RunningServer; path: string; rates: number[] }[] = [
    { server: malbeot, path: '/api/kiosk/menu', rates: [] },
    ...(duties === null ? [] : [{ server: duties, path: '/fortune', rates: [] }]),
    ...(plain === null ? [] : [{ server: plain, path: '/fortune', rates: [] }]),
    { server: ceiling, path: '/', rates: [] },
  ];
  let errors = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { server, path, rates } of targets) {
        const result = await load(server.baseUrl + path, seconds);
        rates.push(result.requestsPerSecond);
        errors += result.errors;
      }
    }
  } finally {
    await Promise.all(targets.map(({ server }) => server.stop()));
  }
  const [ours, ...others] = targets.map(({ server, rates }) => ({ name: server.name, rate: median(rates) }));
  return [
    {
      what: `menu read, ${bytes.toLocaleString('en-US')} bytes, one process`,
      value: perSecond(ours!.rate),
      goal: 'goal 10,000 req/s',
      met: ours!.rate >= 10_000,
    },
    ...others.map(({ name, rate }) => ({
      what: `  beside ${name} (${perSecond(rate)})`,
      value: ratio(ours!.rate / rate),
      ...(name === 'fastapi_same_duties' ? { goal: 'at least 1 x, goal 2 x', met: ours!.rate >= rate } : {}),
    })),
    ...(others.length < 3
      ? [
          {
            what: '  FastAPI',
            value: 'skipped: needs python3-fastapi uvicorn python3-uvloop python3-httptools',
          },
        ]
      : []),
    { what: '  wrong answers', value: String(errors), goal: '0', met: errors === 0 },
  ];
}
