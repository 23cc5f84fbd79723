import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger, type LogFields } from '../telemetry/logger.ts';
import { freeDiskBytes } from './disk.ts';
import { generatedFiles, writeGeneratedFiles } from './generated-files.ts';
import { listeningInodes } from './port-holder.ts';
import { createRetention } from './retention.ts';
import { displayWidth, textTable } from './text-table.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malbeot-operations-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a table in the terminal', () => {
  it('gives Hangul the two columns that it takes', () => {
    expect(displayWidth('한글 ab')).toBe(7);
    expect(
      textTable(
        ['이름', 'B'],
        [
          ['a', '1'],
          ['불고기버거', '22'],
          ['c', ''],
        ],
      ),
    ).toBe(['이름        B', 'a           1', '불고기버거  22', 'c'].join('\n'));
  });
});

describe('retention', () => {
  it('makes a scheduled job of each sweep, which logs what it deleted', async () => {
    const signals: AbortSignal[] = [];
    const lines: LogFields[] = [];
    const log = { ...silentLogger, info: (fields: LogFields) => void lines.push(fields) };
    const { handlers, schedules } = createRetention([
      {
        name: 'voices',
        keeps: '1 hour',
        everyMs: 60_000,
        run: (signal) => {
          signals.push(signal);
          return Promise.resolve({ ids: 2, files: 1 });
        },
      },
      { name: 'sessions', keeps: '30 days', everyMs: 3_600_000, run: () => Promise.resolve({ sessions: 0 }) },
    ]);
    expect(schedules).toEqual([
      { kind: 'retention.voices', everyMs: 60_000 },
      { kind: 'retention.sessions', everyMs: 3_600_000 },
    ]);
    const context = { id: 'job_1', attempt: 1, signal: new AbortController().signal, log };
    for (const handler of handlers) await handler.run(null, context);
    expect(lines).toEqual([{ sweep: 'voices', deleted: { ids: 2, files: 1 } }]);
    expect(signals).toHaveLength(1);

    const stopped = { ...context, signal: AbortSignal.abort() };
    await expect(handlers[0]!.run(null, stopped)).rejects.toMatchObject({ name: 'AbortError' });
    expect(signals).toHaveLength(1);
  });
});

describe('the machine', () => {
  it('has some disk', async () => {
    expect(await freeDiskBytes(folder)).toBeGreaterThan(0);
  });

  it('finds listening sockets in the table of the system', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0',
      '   1: 0100007F:1F90 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1',
      '   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0',
    ].join('\n');
    expect(listeningInodes(table, 8080)).toEqual(['4711']);
    expect(listeningInodes(table, 80)).toEqual(['4713']);
    expect(listeningInodes('', 80)).toEqual([]);
  });
});

describe('generated files', () => {
  it('are written where they belong', async () => {
    const paths = await writeGeneratedFiles(folder);
    expect(paths).toEqual([
      '.env.example',
      'deploy/docker.env.example',
      'docs/configuration.md',
      'docs/errors.md',
    ]);
    for (const { path, text } of generatedFiles())
      expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
  });
});
