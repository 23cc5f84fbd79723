import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { TrafficEntry } from '../traffic.ts';
import { createTrafficLog } from './traffic-log.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'malbeot-log-')), 'log');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const entry = (attempt: number): TrafficEntry => ({
  at: '2026-11-21T09:00:00.000Z',
  route: 'POST /api/voice/process',
  status: 200,
  code: null,
  ms: 12,
  sent: 100,
  received: 2000,
  attempt,
  request_id: 'req_1',
  session_id: 'ses_1',
});

const attempts = async (entries: Promise<readonly TrafficEntry[]>) =>
  (await entries).map(({ attempt }) => attempt);

describe('the log of traffic on disk', () => {
  it('keeps entries over a restart, for its owner only', async () => {
    const log = createTrafficLog({ folder });
    log.write(entry(1));
    log.write(entry(2));
    await log.close();
    const after = createTrafficLog({ folder });
    after.write(entry(3));
    expect(await attempts(after.entries())).toEqual([1, 2, 3]);
    expect((await after.entries())[0]).toEqual(entry(1));
    expect((await stat(join(folder, 'traffic.jsonl'))).mode & 0o777).toBe(0o600);
  });

  it('stays within its files, and forgets the oldest', async () => {
    const size = JSON.stringify(entry(100)).length + 1;
    const log = createTrafficLog({ folder, maxBytes: size * 4, maxFiles: 3 });
    for (let number = 100; number < 130; number++) {
      log.write(entry(number));
      if (number % 3 === 0) await log.entries();
    }
    const kept = await attempts(log.entries());
    expect(kept.at(-1)).toBe(129);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 130 - kept.length + index));
    expect(kept.length).toBeGreaterThanOrEqual(8);
    const files = (await readdir(folder)).sort();
    expect(files).toEqual(['traffic.1.jsonl', 'traffic.2.jsonl', 'traffic.jsonl']);
    for (const file of files) expect((await stat(join(folder, file))).size).toBeLessThanOrEqual(size * 4);
  });

  it('goes on after a line that a power cut left half written', async () => {
    const log = createTrafficLog({ folder });
    log.write(entry(1));
    await log.close();
    await appendFile(join(folder, 'traffic.jsonl'), '{"at":"2026');
    const after = createTrafficLog({ folder });
    after.write(entry(2));
    expect(await attempts(after.entries())).toEqual([1, 2]);
  });

  it('never throws, and says once that it can not write', async () => {
    await writeFile(folder, 'not a folder');
    const errors: Error[] = [];
    const log = createTrafficLog({ folder, onError: (error) => void errors.push(error) });
    log.write(entry(1));
    await log.close();
    log.write(entry(2));
    await log.close();
    expect(errors).toHaveLength(1);
    expect(await log.entries()).toEqual([]);
    await rm(folder);
    log.write(entry(3));
    expect(await attempts(log.entries())).toEqual([3]);
  });

  it('drops what a slow disk can not take', async () => {
    const log = createTrafficLog({ folder });
    for (let number = 1; number <= 3000; number++) log.write(entry(number));
    expect((await log.entries()).length).toBeLessThanOrEqual(1001);
  });
});
