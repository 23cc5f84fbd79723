import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Who } from '../accounts/access.ts';
import { decodeWav } from '../audio/wav.ts';
import { systemRandom } from '../lib/ids.ts';
import { describeEachDialect } from '../storage/testing.ts';
import { customVoiceMigrations } from './custom-voice-tables.ts';
import { createCustomVoices, type CustomVoices, type NewCustomVoice } from './custom-voices.ts';
import { createPrivateFiles } from './private-files.ts';
import { spokenWav } from './testing.ts';

const NOW = 1_795_219_200_000;
const never = new AbortController().signal;
const person = (userId: string): Who => ({ kind: 'person', userId, name: userId, role: 'customer' });
const key: Who = { kind: 'api-key', keyId: 'key_1', name: 'app' };
const minji: NewCustomVoice = {
  bytes: spokenWav(3.5),
  text: '안녕하세요.',
  name: '민지',
  language: 'ko',
  consentBy: '김민지',
};

describeEachDialect('custom voices', customVoiceMigrations, (test) => {
  let folder: string;
  let voices: CustomVoices;
  const create = (maxPerOwner = 20) =>
    createCustomVoices({
      database: test.database,
      files: createPrivateFiles(join(folder, 'recordings')),
      decode: (bytes) => Promise.resolve(decodeWav(bytes)),
      clock: { now: () => NOW, monotonicMs: () => 0 },
      random: systemRandom,
      maxPerOwner,
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custom-voices-'));
    voices = create();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keep the recording, the consent, when and who asked', async () => {
    const voice = await voices.add(minji, person('usr_a'), never);
    expect(voice).toMatchObject({ consent_by: '김민지', created_at: new Date(NOW).toISOString() });
    const row = await test.database
      .tables<{ custom_voices: Record<string, unknown> }>()
      .selectFrom('custom_voices')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      owner: 'usr_a',
      asked_by: 'usr_a',
      consent_at: NOW,
      duration_ms: 3_500,
      slot: 0,
    });
    const reference = await voices.reference(voice.id);
    expect(reference).toMatchObject({ id: voice.id, sampleRate: 24_000, text: '안녕하세요.' });
    expect(reference!.samples).toHaveLength(3.5 * 24_000);
    expect(await create().reference(voice.id)).toEqual(reference);
  });

  it('lie where only the server reads them', async () => {
    const { id } = await voices.add(minji, key, never);
    const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await modeOf(join(folder, 'recordings'))).toBe(0o700);
    expect(await modeOf(join(folder, 'recordings', `${id}.wav`))).toBe(0o600);
  });

  it('are listed and found by their owner and by who sees all', async () => {
    const mine = await voices.add(minji, person('usr_a'), never);
    const other = await voices.add(minji, person('usr_b'), never);
    expect(await voices.list(person('usr_a'))).toEqual([mine]);
    expect(await voices.list(key)).toHaveLength(2);
    expect(await voices.list({ kind: 'nobody' })).toHaveLength(2);
    await expect(voices.get(other.id, person('usr_a'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(voices.remove(other.id, person('usr_a'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const wrong of ['voi_', '../x', 'vox_00000000000000000000000000', `${mine.id}x`]) {
      await expect(voices.get(wrong, key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await voices.reference(wrong)).toBeNull();
    }
  });

  it('are forgotten with their recording', async () => {
    const { id } = await voices.add(minji, person('usr_a'), never);
    expect(await voices.reference(id)).not.toBeNull();
    const elsewhere = create();
    await elsewhere.remove(id, person('usr_a'));
    expect(await voices.reference(id)).toBeNull();
    expect(await readdir(join(folder, 'recordings'))).toEqual([]);
  });

  it('are as many as one may have, also for those who ask at once', async () => {
    voices = create(3);
    const asked = await Promise.allSettled(
      Array.from({ length: 6 }, () => voices.add(minji, person('usr_a'), never)),
    );
    const made = asked.filter(({ status }) => status === 'fulfilled');
    expect(made).toHaveLength(3);
    for (const one of asked) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'CONFLICT' });
    }
    expect(await readdir(join(folder, 'recordings'))).toHaveLength(3);
    await voices.add(minji, person('usr_b'), never);
    await voices.remove((await voices.list(person('usr_a')))[0]!.id, key);
    await voices.add(minji, person('usr_a'), never);
  });

  it('leave no recording behind for good', async () => {
    const { id } = await voices.add(minji, key, never);
    const orphan = join(folder, 'recordings', 'voi_00000000000000000000000000.wav');
    await writeFile(orphan, 'x');
    const old = new Date(NOW - 2 * 60 * 60_000);
    await utimes(join(folder, 'recordings', `${id}.wav`), old, old);
    await utimes(orphan, new Date(NOW), new Date(NOW));
    expect(await voices.sweep(never)).toBe(0);
    await utimes(orphan, old, old);
    expect(await voices.sweep(never)).toBe(1);
    expect(await readdir(join(folder, 'recordings'))).toEqual([`${id}.wav`]);
  });
});
