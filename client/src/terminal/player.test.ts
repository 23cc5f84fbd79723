import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { findPrograms } from './find-program.ts';
import { createPlayer, PlayerError } from './player.ts';
import { createRecorder } from './recorder.ts';

let folder: string;
let sounds: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malbeot-programs-'));
  sounds = join(folder, 'sounds');
  await mkdir(sounds);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Installs a program that does what the shell script says. */
async function install(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

const places = () => ({ path: folder, endings: [''] });
const normal = { rate: 1, volume: 1 };
const wav = new TextEncoder().encode('RIFF and so on');
const never = new AbortController().signal;

describe('findPrograms', () => {
  it('gives what can be run, in the order asked for', async () => {
    await install('aplay', 'exit 0');
    await install('play', 'exit 0');
    await writeFile(join(folder, 'paplay'), 'not for running');
    await mkdir(join(folder, 'ffplay'));
    const path = [join(folder, 'nowhere'), folder].join(delimiter);
    const found = await findPrograms(['paplay', 'ffplay', 'play', 'aplay'], { path, endings: [''] });
    expect(found).toEqual(['play', 'aplay'].map((name) => ({ name, path: join(folder, name) })));
    expect(await findPrograms(['play'], { path: '', endings: [''] })).toEqual([]);
  });
});

describe('the player', () => {
  it('plays the whole sound and leaves no file behind', async () => {
    await install('aplay', `cat "$2" > "${folder}/heard"`);
    const player = await createPlayer({ places: places(), folder: sounds });
    expect(player.canPlay).toBe(true);
    await player.play(wav, normal, never);
    expect(await readFile(join(folder, 'heard'), 'utf8')).toBe('RIFF and so on');
    expect(await readdir(sounds)).toEqual([]);
  });

  it('tells the program how fast and how loud', async () => {
    await install('play', `echo "$@" > "${folder}/told"`);
    const player = await createPlayer({ places: places(), folder: sounds });
    await player.play(wav, { rate: 0.8, volume: 1.5 }, never);
    expect(await readFile(join(folder, 'told'), 'utf8')).toMatch(
      /^-q -v 1\.5 \S+voice\.wav tempo -s 0\.8\n$/,
    );
  });

  it('tries the next program when one fails, and remembers it', async () => {
    await install('paplay', `echo x >> "${folder}/failed"; exit 1`);
    await install('aplay', 'exit 0');
    const player = await createPlayer({ places: places(), folder: sounds });
    await player.play(wav, normal, never);
    await player.play(wav, normal, never);
    expect(await readFile(join(folder, 'failed'), 'utf8')).toBe('x\n');
  });

  it('says which program could not play when none is left', async () => {
    await install('aplay', 'exit 1');
    const player = await createPlayer({ places: places(), folder: sounds });
    await expect(player.play(wav, normal, never)).rejects.toEqual(new PlayerError('aplay'));
    expect(player.canPlay).toBe(false);
    expect(await readdir(sounds)).toEqual([]);
  });

  it('falls silent at once', async () => {
    await install('aplay', 'exec sleep 60');
    const player = await createPlayer({ places: places(), folder: sounds });
    const controller = new AbortController();
    const playing = player.play(wav, normal, controller.signal);
    setTimeout(() => controller.abort(), 100);
    await playing;
    expect(await readdir(sounds)).toEqual([]);
    expect(player.canPlay).toBe(true);
  });

  it('knows that there is nothing to play with', async () => {
    expect((await createPlayer({ places: places() })).canPlay).toBe(false);
  });
});

describe('the recorder', () => {
  /** Half a second of a loud tone, then silence without end. */
  async function installSpeaker(name: string): Promise<void> {
    const tone = Buffer.alloc(16_000);
    for (let at = 0; at < tone.length / 2; at++)
      tone.writeInt16LE(Math.round(8000 * Math.sin(at / 4)), at * 2);
    await writeFile(join(folder, 'tone'), tone);
    await install(name, `cat "${folder}/tone"; exec cat /dev/zero`);
  }

  function record(recorder: Awaited<ReturnType<typeof createRecorder>>) {
    const finish = new AbortController();
    const cancel = new AbortController();
    const levels: number[] = [];
    const heard = recorder.record({
      finish: finish.signal,
      cancel: cancel.signal,
      onLevel: (level) => levels.push(level),
    });
    return { finish, cancel, levels, heard };
  }

  it('ends when the speaker stops', async () => {
    await installSpeaker('arecord');
    const { heard, levels } = record(await createRecorder({ places: places() }));
    const recording = await heard;
    expect(recording.type).toBe('speech');
    if (recording.type !== 'speech') return;
    expect(recording.samples.length).toBeGreaterThan(8000 + 16_000);
    expect(Math.max(...recording.samples)).toBeCloseTo(8000 / 0x8000, 2);
    expect(levels.length).toBeGreaterThan(0);
  });

  it('sends what was heard so far when told to', async () => {
    const tone = join(folder, 'tone');
    await installSpeaker('arecord');
    await install('arecord', `cat "${tone}"; exec sleep 60`);
    const { heard, finish, levels } = record(await createRecorder({ places: places() }));
    await expect.poll(() => levels.length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    finish.abort();
    expect(await heard).toMatchObject({ type: 'speech' });
  });

  it('throws away what was heard when told to', async () => {
    await install('arecord', 'exec sleep 60');
    const { heard, cancel } = record(await createRecorder({ places: places() }));
    cancel.abort();
    expect(await heard).toEqual({ type: 'cancelled' });
  });

  it('knows that nobody spoke', async () => {
    await install('arecord', 'exec cat /dev/zero');
    const { heard } = record(await createRecorder({ places: places() }));
    expect(await heard).toEqual({ type: 'silence' });
  });

  it('tries the next program, and says which failed last', async () => {
    await install('arecord', 'exit 1');
    await installSpeaker('rec');
    expect(await record(await createRecorder({ places: places() })).heard).toMatchObject({ type: 'speech' });
    await install('rec', 'exit 1');
    const recorder = await createRecorder({ places: places() });
    expect(recorder.canRecord).toBe(true);
    expect(await record(recorder).heard).toEqual({ type: 'failed', program: 'rec' });
  });

  it('knows that there is nothing to record with', async () => {
    const recorder = await createRecorder({ places: places() });
    expect(recorder.canRecord).toBe(false);
  });
});
