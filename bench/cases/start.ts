import { type Figure, median, ms, ratio } from '../lib/figures.ts';
import { type RunningServer, startFastApi, startMalbeot } from '../lib/processes.ts';

/** From the start of `node` to the first answer on /api/ping, warm disk; beside uvicorn with the baseline. */
export async function benchStart(rounds: number): Promise<Figure[]> {
  const measure = async (start: () => Promise<RunningServer | null>): Promise<number | null> => {
    const times: number[] = [];
    // The first start warms the disk.
    for (let round = 0; round <= rounds; round++) {
      const server = await start();
      if (server === null) return null;
      if (round > 0) times.push(server.firstAnswerMs);
      await server.stop();
    }
    return median(times);
  };
  const ours = (await measure(startMalbeot))!;
  const theirs = await measure(() => startFastApi('fastapi_baseline'));
  return [
    { what: 'start to first answer, median', value: ms(ours), goal: 'goal 1,000 ms', met: ours <= 1_000 },
    theirs === null
      ? { what: '  beside FastAPI', value: 'skipped: FastAPI is not installed' }
      : { what: `  beside FastAPI with three routes (${ms(theirs)})`, value: ratio(ours / theirs) },
  ];
}
