import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { decodeWav } from '../../audio/wav.ts';
import { listenersOn, providerErrorOf, quiet } from '../contract/provider.suite.ts';
import { speechToTextSuite } from '../contract/stt.suite.ts';
import { createCommandEars, type CommandEarsOptions } from './command-ears.ts';
import { findProgram } from './find-program.ts';
import { tidyPrinted } from './tidy-printed.ts';

const SAMPLE = new URL('../../../models/demo-ear/samples/05.wav', import.meta.url);

let folder: string;
let speech: Float32Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-ears-'));
  vi.stubEnv('TMPDIR', folder);
  speech = decodeWav(await readFile(SAMPLE)).samples;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** Ears whose program is `script`, run by Node, with `args`. */
async function earsWith(
  script: string,
  args: readonly string[] = ['{wav}', '{language}'],
  options: Partial<CommandEarsOptions> = {},
) {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.cjs`);
  await writeFile(path, script);
  return createCommandEars({ argv: [process.execPath, path, ...args], languages: [], ...options });
}
const hear = (
  ears: ReturnType<typeof createCommandEars>,
  language: string | null = 'ko-KR',
  signal = quiet(),
) => ears.transcribe({ samples: speech, language }, signal);

/** What our utterances leave in the folder for temporary files. */
const leftFiles = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('malbeot-ears-'));
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

speechToTextSuite('a program', {
  async make() {
    const script = 'require("fs").readFileSync(process.argv[2]); console.log("네 가져갈게요")';
    return { provider: await earsWith(script), end: async () => {} };
  },
  speech: () => Promise.resolve(speech),
  language: 'ko',
  hears: '네 가져갈게요',
});

const DATA = '/usr/share/pocketsphinx/test/data';
const POCKETSPHINX = ['pocketsphinx_continuous', '-infile', '{wav}'];
const isThere =
  findProgram(POCKETSPHINX[0]!) !== null &&
  existsSync(`${DATA}/goforward.raw`) &&
  existsSync('/usr/share/pocketsphinx/model/en-us');

describe.skipIf(!isThere)(
  'pocketsphinx (skipped where it, its English model or its test data are missing)',
  () => {
    // It takes as long as its own machine does, and this one may be busy.
    const make = () => createCommandEars({ argv: POCKETSPHINX, languages: ['en'], limitMs: 120_000 });
    const limit = { timeout: 150_000 };
    const raw = async (file: string) => {
      const bytes = await readFile(join(DATA, file));
      return Float32Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(at * 2) / 32_768);
    };

    it('hears its own recording', limit, async () => {
      const samples = await raw('goforward.raw');
      expect(await make().transcribe({ samples, language: 'en-US' }, quiet())).toEqual({
        text: 'go forward ten meters',
        language: 'en',
        confidence: null,
        provider: 'command',
      });
    });

    it('hears a sentence read aloud, as well as it can', limit, async () => {
      const file = 'librivox/sense_and_sensibility_01_austen_64kb-0880.wav';
      const { samples } = decodeWav(await readFile(join(DATA, file)));
      const { text } = await make().transcribe({ samples, language: 'en' }, quiet());
      const said = 'he was not an ill disposed young man'.split(' ');
      expect(said.filter((word) => text.split(' ').includes(word)).length).toBeGreaterThan(4);
    });

    it('fails with a reason where it is called wrongly', async () => {
      const ears = createCommandEars({ argv: [...POCKETSPHINX, '-hmm', '/none/such'], languages: [] });
      const error = await providerErrorOf(ears.transcribe({ samples: speech, language: 'en' }, quiet()));
      expect(error.kind).toBe('failed');
      expect(error.message).toMatch(/^The program pocketsphinx_continuous (ended with status|was ended by)/);
      expect(error.message).not.toContain('/none');
    });
  },
);

describe('ears that are a program', () => {
  it('get a private file and the language, and leave nothing behind', async () => {
    const before = await leftFiles();
    const ears = await earsWith(
      `
      const fs = require('fs'), path = require('path');
      const [file, language, rest] = process.argv.slice(2);
      const mode = (name) => (fs.statSync(name).mode & 0o777).toString(8);
      const head = fs.readFileSync(file).subarray(0, 4).toString();
      console.log(head, mode(file), mode(path.dirname(file)), language, rest, Object.keys(process.env).join());
    `,
      ['{wav}', '{language}', '$(id);`id`'],
    );
    const { text } = await hear(ears);
    expect(text).toMatch(/^RIFF 600 700 ko \$\(id\);`id` /);
    expect(text).not.toMatch(/VITEST|NODE_ENV/);
    expect((await hear(ears, null)).text).toContain(' auto ');
    expect((await hear(ears, '--help')).text).toContain(' auto ');
    expect(await leftFiles()).toEqual(before);
  });

  it('take away what a server that was killed left behind, and nothing that may still be used', async () => {
    const twoHoursAgo = Date.now() / 1_000 - 7_200;
    for (const name of ['malbeot-ears-old', 'malbeot-ears-new', 'another-old']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'utterance.wav'), 'what somebody said');
      if (name.endsWith('old')) await utimes(join(folder, name), twoHoursAgo, twoHoursAgo);
    }
    await hear(await earsWith("console.log('네')"));
    expect(await leftFiles()).toEqual(['malbeot-ears-new']);
    expect(existsSync(join(folder, 'another-old'))).toBe(true);
    await rm(join(folder, 'malbeot-ears-new'), { recursive: true });
  });

  it('get it on standard input where no file is asked for', async () => {
    const ears = await earsWith(
      'process.stdin.resume(); let n = 0; process.stdin.on("data", (d) => n += d.length).on("end", () => console.log(n))',
      [],
    );
    expect((await hear(ears)).text).toBe(String(44 + speech.length * 2));
    expect((await hear(await earsWith('process.stdin.destroy(); console.log("네")', []))).text).toBe('네');
  });

  it('are asked only about what can be speech', async () => {
    const ears = createCommandEars({ argv: ['no-such-program-at-all'], languages: [] });
    const silence = { samples: new Float32Array(32_000), language: null };
    expect(await ears.transcribe(silence, quiet())).toMatchObject({ text: '', language: 'und' });
  });

  it.each([
    [
      'ends with an error',
      'console.error("ERROR: cannot open /secret/place/model.bin"); process.exit(3)',
      'failed',
      'ended with status 3. It says: ERROR: cannot open model.bin',
    ],
    [
      'complains with words that were said',
      'console.error("INFO: 비밀이에요"); process.exit(1)',
      'failed',
      /ended with status 1\.$/,
    ],
    [
      'crashes',
      'process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000)',
      'failed',
      'was ended by SIGSEGV.',
    ],
    [
      'never stops printing',
      'const more = () => process.stdout.write("x".repeat(65536), more); more()',
      'failed',
      'printed more than 65536 bytes',
    ],
  ] as const)('fail when the program %s', async (_, script, kind, message) => {
    const before = await leftFiles();
    const signal = quiet();
    const error = await providerErrorOf(hear(await earsWith(script), 'ko', signal));
    expect(error).toMatchObject({ kind, provider: 'command' });
    expect(error.message).toMatch(message);
    expect(listenersOn(signal)).toBe(0);
    expect(await leftFiles()).toEqual(before);
  });

  const stubborn = (pidFile: string) => `
    const { spawn } = require('child_process');
    process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); process.on('SIGHUP', () => {});
    const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    require('fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + ' ' + child.pid);
    setInterval(() => {}, 1000);
  `;
  const pidsIn = async (file: string) => (await readFile(file, 'utf8')).split(' ').map(Number);

  it('end a program that hangs and ignores signals, with what it started, at the limit', async () => {
    const file = join(folder, 'limit.pids');
    const ears = await earsWith(stubborn(file), [], { limitMs: 2_000 });
    const error = await providerErrorOf(hear(ears));
    expect(error.kind).toBe('timeout');
    const pids = await pidsIn(file);
    expect(pids).toHaveLength(2);
    await until(() => !pids.some(isAlive));
  });

  it('end it when called off and when closed', async () => {
    for (const how of ['abort', 'close'] as const) {
      const file = join(folder, `${how}.pids`);
      const ears = await earsWith(stubborn(file));
      const controller = new AbortController();
      const call = hear(ears, 'ko', controller.signal);
      call.catch(() => {});
      await until(() => existsSync(file));
      await until(async () => (await pidsIn(file)).length === 2);
      if (how === 'abort') controller.abort();
      else await ears.close?.();
      const expected = how === 'abort' ? { name: 'AbortError' } : { kind: 'unavailable' };
      await expect(call).rejects.toMatchObject(expected);
      expect(listenersOn(controller.signal)).toBe(0);
      const pids = await pidsIn(file);
      await until(() => !pids.some(isAlive));
    }
  });

  it('take what was printed although a child of the program keeps its output open', async () => {
    const file = join(folder, 'left.pid');
    const ears = await earsWith(`
      const { spawn } = require('child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      require('fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));
      process.stdout.write('네', () => process.exit(0));
    `);
    expect((await hear(ears)).text).toBe('네');
    const [pid] = await pidsIn(file);
    await until(() => !isAlive(pid!));
  });

  it('run so many at a time, let so many wait, and refuse the rest', async () => {
    const marks = await mkdtemp(join(folder, 'marks-'));
    const ears = await earsWith(
      `
      const fs = require('fs'), mark = ${JSON.stringify(marks)} + '/' + process.pid;
      fs.writeFileSync(mark, '');
      const running = fs.readdirSync(${JSON.stringify(marks)}).length;
      setTimeout(() => { fs.rmSync(mark); console.log(running); }, 60);
    `,
      [],
      { maxRunning: 2, maxWaiting: 2 },
    );
    const calls = Array.from({ length: 5 }, () => hear(ears));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(outcomes[4]).toMatchObject({ reason: { kind: 'unavailable' } });
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(Number(outcome.value.text)).toBeLessThanOrEqual(2);
    }
    const controller = new AbortController();
    const running = [hear(ears), hear(ears)];
    const waiting = hear(ears, 'ko', controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await Promise.all(running);
    expect((await hear(ears)).text).toBe('1');
  });

  it('say whether the program is there, and find it once it is installed', async () => {
    let nowMs = 0;
    const path = join(folder, 'later');
    const ears = createCommandEars({
      argv: [path, '{wav}'],
      languages: ['ko-KR', 'en', '?'],
      clock: { monotonicMs: () => nowMs },
    });
    expect(ears.info).toMatchObject({
      id: 'command',
      name: 'later',
      languages: ['ko', 'en'],
      needs: 'COMMAND_STT',
    });
    expect(ears.availability()).toMatchObject({
      available: false,
      reason: "The program later is not there, or can't be run.",
    });
    expect(await providerErrorOf(hear(ears))).toMatchObject({ kind: 'unavailable' });
    await writeFile(path, `#!${process.execPath}\nconsole.log('네')`);
    nowMs = 6_000;
    expect(ears.availability().available).toBe(false);
    await chmod(path, 0o700);
    nowMs = 12_000;
    expect(ears.availability()).toEqual({ available: true });
    expect((await hear(ears)).text).toBe('네');
    expect(createCommandEars({ argv: ['node'], languages: [] }).availability()).toEqual({ available: true });
    expect(createCommandEars({ argv: [], languages: [] }).availability().available).toBe(false);
    expect(findProgram(folder)).toBeNull();
  });
});

describe('tidyPrinted', () => {
  it.each([
    [
      '\n[00:00:00.000 --> 00:00:02.500]   안녕하세요.\n[00:00:02.500 --> 00:00:04.000]  네.\n',
      '안녕하세요. 네.',
    ],
    ['[00:00:00.000 --> 00:00:02.000]   [BLANK_AUDIO]\n', ''],
    ['\u001b[38;5;114m go\u001b[0m forward\r\n ten  meters\n', 'go forward ten meters'],
    ['<s> go <sil> forward ++NOISE++ </s>', 'go forward'],
    ['(music) 네 *music* [침묵]', '네'],
    ['{"text": " 네 ", "result": []}', '네'],
    ['{braces} stay', '{braces} stay'],
    ['{"other": 1}', '{"other": 1}'],
    ['한글'.normalize('NFD'), '한글'],
  ])('reads %j', (printed, text) => {
    expect(tidyPrinted(printed)).toBe(text);
  });
});
