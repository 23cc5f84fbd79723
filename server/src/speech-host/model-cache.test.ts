import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeModelFile } from '../../fixtures/onnx/model-folder.ts';
import type { VoiceManifest } from '../providers/sherpa/speech-host-protocol.ts';
import { createModelCache } from './model-cache.ts';

let folder: string;
let model: VoiceManifest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-cache-'));
  const dataDir = { path: join(folder, 'data'), files: [await writeModelFile(folder, 'data/dict', 'words')] };
  model = {
    id: 'voice',
    family: 'vits',
    threads: 1,
    files: {
      model: await writeModelFile(folder, 'model.onnx', 'model'),
      tokens: await writeModelFile(folder, 'tokens.txt', 'tokens'),
      dataDir,
    },
  };
});
afterAll(() => rm(folder, { recursive: true }));

describe('loaded models', () => {
  it('are loaded once, however many ask', async () => {
    let loads = 0;
    const cache = createModelCache(async (given: VoiceManifest) => `${given.id} ${++loads}`);
    const held = await Promise.all([cache.hold(model), cache.hold(model)]);
    expect(held.map(({ loaded }) => loaded)).toEqual(['voice 1', 'voice 1']);
    expect(cache.size).toBe(1);
  });

  it('are given up when the last one who holds them has left, and loaded anew for the next', async () => {
    let loads = 0;
    const freed: number[] = [];
    const cache = createModelCache<VoiceManifest, number>(
      async () => ++loads,
      (loaded) => freed.push(loaded),
    );
    const first = await cache.hold(model);
    const second = await cache.hold(model);
    const unloading = cache.unload('voice');
    first.release();
    first.release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(freed).toEqual([]);
    expect((await cache.hold(model)).loaded).toBe(2);
    second.release();
    await unloading;
    expect(freed).toEqual([1]);
    await cache.unload('never loaded');
    expect(cache.size).toBe(1);
  });

  it('are tried again after they could not be loaded', async () => {
    let loads = 0;
    const cache = createModelCache<VoiceManifest, number>(async () => {
      loads += 1;
      if (loads === 1) throw new Error('no memory');
      return loads;
    });
    await expect(cache.hold(model)).rejects.toThrow('no memory');
    expect(cache.size).toBe(0);
    expect((await cache.hold(model)).loaded).toBe(2);
  });

  it('are checked before they are loaded, the files of their folders too', async () => {
    const cache = createModelCache<VoiceManifest, string>(async () => 'loaded');
    await writeModelFile(folder, 'data/dict', 'wards');
    await expect(cache.hold(model)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('dict is damaged') as unknown,
    });
    await writeModelFile(folder, 'data/dict', 'words');
    expect((await cache.hold(model)).loaded).toBe('loaded');
  });
});
