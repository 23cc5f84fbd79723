import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelBytes, readInstalledModels, type InstalledModel } from './installed-model.ts';
import { listModels } from './listed-model.ts';
import { interruptedPulls } from './model-folders.ts';
import { hasModelFiles, removeModel } from './remove-model.ts';
import { openPullBench, type PullBench } from './testing/pull-bench.ts';
import { verifyModel } from './verify-model.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malbeot-installed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a check of a model', () => {
  const content = 'a tiny model';
  const model = (change: Partial<InstalledModel['files'][number]> = {}): InstalledModel => ({
    id: 'tiny',
    kind: 'ears',
    languages: ['ko'],
    licence: 'Apache-2.0',
    builtIn: true,
    files: [
      {
        path: join(folder, 'tiny.onnx'),
        size: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        ...change,
      },
    ],
  });
  const signal = new AbortController().signal;
  beforeEach(() => writeFileSync(join(folder, 'tiny.onnx'), content));

  it('are right', async () => {
    expect(await verifyModel(model(), signal)).toEqual({ id: 'tiny', builtIn: true, problems: [] });
  });

  it.each([
    [{ path: '/nowhere/tiny.onnx' }, 'missing'],
    [{ size: 5 }, 'wrong-size'],
    [{ sha256: '00' }, 'wrong-content'],
  ])('are not right: %j', async (change, problem) => {
    expect((await verifyModel(model(change), signal)).problems).toMatchObject([{ problem }]);
  });

  it('stops when it is told to', async () => {
    await expect(verifyModel(model(), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the folder of the models', () => {
  let bench: PullBench;
  let record: Record<string, unknown>;
  beforeAll(async () => {
    bench = await openPullBench();
    await bench.pull();
    record = JSON.parse(readFileSync(join(bench.home, 'model.json'), 'utf8')) as Record<string, unknown>;
  });
  afterAll(() => bench.close());

  /** A copy of the pulled model, under this name, with this record. */
  const copy = (id: string, written: unknown) => {
    for (const [path, bytes] of bench.files) {
      mkdirSync(join(folder, id, path, '..'), { recursive: true });
      writeFileSync(join(folder, id, path), bytes);
    }
    writeFileSync(
      join(folder, id, 'model.json'),
      typeof written === 'string' ? written : JSON.stringify(written),
    );
  };

  it('has the models that are whole at a glance, and takes no notice of the rest', () => {
    copy('tiny-voice', record);
    copy('half-written', JSON.stringify(record).slice(0, 200));
    copy('of-another', record);
    copy('of-the-future', { ...record, id: 'of-the-future', format: 2 });
    copy('strange-family', { ...record, id: 'strange-family', family: 'nobody' });
    copy('without-a-role', { ...record, id: 'without-a-role', roles: {} });
    copy('leads-out', {
      ...record,
      id: 'leads-out',
      roles: { ...(record['roles'] as object), tokens: '../../x' },
    });
    copy('cut-off', { ...record, id: 'cut-off' });
    writeFileSync(join(folder, 'cut-off', 'vocoder.onnx'), 'short');
    copy('lost-a-file', { ...record, id: 'lost-a-file' });
    rmSync(join(folder, 'lost-a-file', 'tokens.txt'));
    copy('no-record', record);
    rmSync(join(folder, 'no-record', 'model.json'));
    mkdirSync(join(folder, 'a-folder', 'model.json'), { recursive: true });
    mkdirSync(join(folder, '.pulling', 'tiny-voice'), { recursive: true });
    mkdirSync(join(folder, 'Capital Letters'));
    writeFileSync(join(folder, 'a-file'), 'x');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    const [model, ...others] = readInstalledModels(folder);
    expect(others).toEqual([]);
    expect(model).toMatchObject({ id: 'tiny-voice', licence: 'OpenRAIL-M', languages: ['ko', 'en'] });
    expect(model!.files).toHaveLength(5);
    expect(modelBytes(model!)).toBe([...bench.files.values()].reduce((sum, bytes) => sum + bytes.length, 0));
    expect(model!.folders['dataDir']?.path).toBe(join(folder, 'tiny-voice', 'espeak-ng-data'));
  });

  it('may be missing, or be no folder', () => {
    expect(readInstalledModels(join(folder, 'nowhere'))).toEqual([]);
    writeFileSync(join(folder, 'file'), 'x');
    expect(readInstalledModels(join(folder, 'file'))).toEqual([]);
  });

  it('loses a model, and what a pull has left of it, on removal', async () => {
    copy('tiny-voice', record);
    mkdirSync(join(folder, '.pulling', 'tiny-voice', 'downloads'), { recursive: true });
    expect(await interruptedPulls(folder)).toEqual(['tiny-voice']);
    expect(await hasModelFiles(folder, 'tiny-voice')).toBe(true);
    await removeModel(folder, 'tiny-voice');
    expect(await hasModelFiles(folder, 'tiny-voice')).toBe(false);
    expect(existsSync(join(folder, 'tiny-voice'))).toBe(false);
    expect(await interruptedPulls(folder)).toEqual([]);
  });

  it('is listed with what can be pulled', () => {
    copy('tiny-voice', record);
    copy('own-voice', { ...record, id: 'own-voice' });
    const other = { ...bench.model, id: 'other-voice' };
    const listed = listModels({
      builtIn: [],
      pulled: readInstalledModels(folder),
      catalogue: [bench.model, other, { ...other, id: 'third-voice' }],
      inUse: ['tiny-voice'],
      interrupted: ['third-voice'],
    });
    expect(listed.map(({ id, state, isExact }) => [id, state, isExact])).toEqual([
      ['tiny-voice', 'in_use', true],
      ['other-voice', 'available', false],
      ['third-voice', 'interrupted', false],
      ['own-voice', 'pulled', true],
    ]);
    expect(listed[1]?.downloadBytes).toBeGreaterThan(20_000);
  });
});
