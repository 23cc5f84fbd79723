import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { settingNames, settingTable } from './setting-table.ts';
import { loadClientSettings, type LoadSettingsOptions } from './settings.ts';
import { SettingsError } from './settings-error.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malbeot-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (options: LoadSettingsOptions = {}) =>
  loadClientSettings({ folder, environment: {}, ...options });
const write = (settings: unknown, name = 'malbeot-client.json') =>
  writeFile(join(folder, name), typeof settings === 'string' ? settings : JSON.stringify(settings));

async function problemOf(options: LoadSettingsOptions): Promise<string> {
  const error: unknown = await load(options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).message;
}

describe('loadClientSettings', () => {
  it('has a default for everything', async () => {
    expect(await load()).toEqual({
      server: 'http://localhost:8080',
      kioskId: null,
      deviceKey: null,
      language: 'ko',
      timeoutMs: 30_000,
      maxTries: 3,
      queueFolder: null,
      queueTurns: 1000,
      queueMegabytes: 256,
      logFolder: null,
    });
  });

  it('takes the file, then the environment, then flags', async () => {
    await write({ server: 'https://file.example', kioskId: 'file', timeoutMs: 1000, queueFolder: 'queue' });
    expect(await load()).toMatchObject({
      server: 'https://file.example',
      kioskId: 'file',
      timeoutMs: 1000,
      queueFolder: join(folder, 'queue'),
    });
    const environment = {
      MALBEOT_SERVER: 'https://env.example/',
      MALBEOT_KIOSK_ID: 'env',
      MALBEOT_TIMEOUT_MS: '',
    };
    const flags = { server: 'http://flag.example:81', verbose: true };
    expect(await load({ environment, flags })).toMatchObject({
      server: 'http://flag.example:81',
      kioskId: 'env',
      timeoutMs: 1000,
    });
  });

  it('reads every setting from every source', async () => {
    const values: Record<string, string | number> = {
      server: 'https://kiosk.example.com',
      kioskId: '1번 카운터',
      deviceKey: 'dev_0123456789',
      language: 'en',
      timeoutMs: 5000,
      maxTries: 5,
      queueFolder: '/var/lib/kiosk/queue',
      queueTurns: 50,
      queueMegabytes: 10,
      logFolder: '/var/log/kiosk',
    };
    const named = Object.entries(values).map(([name, value]) => {
      const setting = settingTable[name as keyof typeof settingTable];
      return { ...setting, value: String(value) };
    });
    await write(values);
    const wanted = values;
    expect(await load()).toEqual(wanted);
    await rm(join(folder, 'malbeot-client.json'));
    const environment = Object.fromEntries(named.map(({ environment: name, value }) => [name, value]));
    expect(await load({ environment })).toEqual(wanted);
    expect(await load({ flags: Object.fromEntries(named.map(({ flag, value }) => [flag, value])) })).toEqual(
      wanted,
    );
  });

  it('reads folders from where they were named', async () => {
    await mkdir(join(folder, 'etc'));
    await write({ queueFolder: 'queue', logFolder: '../log' }, 'etc/kiosk.json');
    expect(
      await load({ file: 'etc/kiosk.json', environment: { MALBEOT_QUEUE_FOLDER: 'other' } }),
    ).toMatchObject({
      queueFolder: join(folder, 'other'),
      logFolder: join(folder, 'log'),
    });
  });

  it('reads the device key from a file, unless a stronger source names a key', async () => {
    await writeFile(join(folder, 'key'), 'dev_from_file\n');
    await write({ deviceKeyFile: 'key' });
    expect((await load()).deviceKey).toBe('dev_from_file');
    expect((await load({ environment: { MALBEOT_DEVICE_KEY: 'dev_from_env' } })).deviceKey).toBe(
      'dev_from_env',
    );
    await write({ deviceKey: 'dev_in_settings' });
    expect((await load({ flags: { 'device-key-file': 'key' } })).deviceKey).toBe('dev_from_file');
  });

  it('names every wrong value, what was given and what is allowed', async () => {
    await write({ server: 'kiosk.example.com', timeoutMs: 1.5, colour: 'red' });
    const environment = { MALBEOT_LANGUAGE: 'fr', MALBEOT_MAX_TRIES: '11' };
    const text = await problemOf({ environment, flags: { 'queue-turns': '0' }, language: 'en' });
    const path = join(folder, 'malbeot-client.json');
    expect(text.split('\n')).toEqual([
      'The settings are not right.',
      `  colour (${path}): given this name is not known; allowed ${settingNames.join(', ')}`,
      `  server (${path}): given "kiosk.example.com"; allowed an address that begins with http:// or https:// and has no path, such as https://kiosk.example.com`,
      `  timeoutMs (${path}): given 1.5; allowed a whole number from 100 to 600000`,
      '  MALBEOT_LANGUAGE: given "fr"; allowed ko or en',
      '  MALBEOT_MAX_TRIES: given "11"; allowed a whole number from 1 to 10',
      '  --queue-turns: given "0"; allowed a whole number from 1 to 100000',
    ]);
    const korean = await problemOf({ environment });
    expect(korean).toContain('설정이 맞지 않아요.');
    expect(korean).toContain('MALBEOT_LANGUAGE: 받은 값 "fr"; 쓸 수 있는 값 ko, en 중 하나');
  });

  it('never shows a secret', async () => {
    const text = await problemOf({ environment: { MALBEOT_DEVICE_KEY: '비밀 비밀' } });
    expect(text).toContain('MALBEOT_DEVICE_KEY');
    expect(text).not.toContain('비밀 비밀');
    await writeFile(join(folder, 'key'), 'short');
    expect(await problemOf({ flags: { 'device-key-file': 'key' } })).not.toContain('short');
  });

  it('says what is wrong with a file', async () => {
    await write('{ "server": ');
    expect(await problemOf({})).toContain('JSON이 아니에요');
    await write('[]');
    expect(await problemOf({})).toContain('JSON이 아니에요');
    expect(await problemOf({ file: 'missing.json' })).toContain('파일이 없어요');
    await write({ deviceKeyFile: 'missing', deviceKey: 'dev_0123456789' });
    expect(await problemOf({})).toContain('둘 다 있어요');
    await write({ deviceKeyFile: 'missing' });
    expect(await problemOf({})).toContain(join(folder, 'missing'));
    await mkdir(join(folder, 'a-folder'));
    expect(await problemOf({ file: 'a-folder' })).toContain('파일을 읽지 못했어요');
  });

  it('refuses addresses that would lose their path, and names that are none', async () => {
    for (const server of [
      'https://a.example/api',
      'ftp://a.example',
      'https://me:pw@a.example',
      'https://a.example?x',
    ])
      expect(await problemOf({ flags: { server } })).toContain('--server');
    for (const name of [' ', 'a\nb', 'x'.repeat(81)])
      expect(await problemOf({ flags: { 'kiosk-id': name } })).toContain('--kiosk-id');
  });
});

it('the README names every setting', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const name of settingNames) {
    const { environment, flag } = settingTable[name];
    expect(readme).toContain(`| \`${name}\` | \`${environment}\` | \`--${flag}\` |`);
  }
});
