import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { makeSenseVoice } from '../../../fixtures/onnx/make-sense-voice.ts';
import { makeStreamingZipformer } from '../../../fixtures/onnx/make-streaming-zipformer.ts';
import { forkChannel } from '../../lib/child-host-fork.ts';
import { createChildHost, type ChildHost } from '../../lib/child-host.ts';
import { openSpeechHost } from '../../speech-host/open-speech-host.ts';
import { quiet } from '../contract/provider.suite.ts';
import { createManualClock, type ManualClock } from '../fake/manual-clock.ts';
import { createHostedModel, type HostedModel, type HostedModelOptions } from './hosted-model.ts';
import type { ModelManifest, SpeechHostPart, SpeechHostRequest } from './speech-host-protocol.ts';

const MINUTE_MS = 60_000;

let host: ChildHost<SpeechHostRequest, SpeechHostPart>;
let folder: string;
let clock: ManualClock;
let first: ModelManifest;
let second: ModelManifest;

beforeEach(async () => {
  clock = createManualClock();
  folder = await mkdtemp(join(tmpdir(), 'hosted-model-'));
  first = await makeSenseVoice(folder);
  second = await makeStreamingZipformer(folder);
  host = createChildHost({ name: 'speech-host', open: openSpeechHost(), maxRunning: 2 });
});
afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

const hostedOf = (model: ModelManifest, options: Partial<HostedModelOptions> = {}): HostedModel =>
  createHostedModel({
    provider: 'sherpa',
    host,
    model,
    restore: 'Fetch it again.',
    loadLimitMs: 20_000,
    idleMs: MINUTE_MS,
    sleep: clock.sleep,
    ...options,
  });

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Loads it and uses it no further. */
const touch = async (hosted: HostedModel) => (await hosted.hold(quiet()))();

const eventually = (check: () => unknown) => expect.poll(check, { timeout: 10_000 });

describe('a model in the speech host', () => {
  it('is given up when it is idle, and its process with it; the next use loads it again', async () => {
    const hosted = hostedOf(first);
    await touch(hosted);
    const pid = host.status().pid!;
    expect(hosted.status()).toMatchObject({ id: first.id, family: 'sense-voice', loaded: true });
    clock.advance(MINUTE_MS - 1);
    expect(clock.sleepers).toBe(1);
    clock.advance(1);
    await eventually(() => isRunning(pid)).toBe(false);
    expect(hosted.status().loaded).toBe(false);
    expect(hosted.availability()).toEqual({ available: true });
    expect(host.status()).toMatchObject({ state: 'idle', pid: null, failuresInRow: 0, lastFailure: null });
    await touch(hosted);
    expect(hosted.status().loaded).toBe(true);
    expect(host.status()).toMatchObject({ state: 'ready', starts: 2 });
  });

  it('stays while it is used, and counts from its last use', async () => {
    const hosted = hostedOf(first);
    const release = await hosted.hold(quiet());
    expect(clock.sleepers).toBe(0);
    clock.advance(10 * MINUTE_MS);
    expect(hosted.status().loaded).toBe(true);
    release();
    release();
    clock.advance(MINUTE_MS - 1);
    await touch(hosted);
    expect(clock.sleepers).toBe(1);
    clock.advance(MINUTE_MS - 1);
    expect(hosted.status().loaded).toBe(true);
    clock.advance(1);
    await eventually(() => hosted.status().loaded).toBe(false);
  });

  it('leaves the process to others that still use it', async () => {
    const idle = hostedOf(first);
    const busy = hostedOf(second);
    await touch(idle);
    const release = await busy.hold(quiet());
    const { pid } = host.status();
    clock.advance(MINUTE_MS);
    await eventually(() => idle.status().loaded).toBe(false);
    expect(host.status()).toMatchObject({ state: 'ready', pid });
    expect(busy.status().loaded).toBe(true);
    release();
    clock.advance(MINUTE_MS);
    await eventually(() => host.status().pid).toBe(null);
  });

  it('is not loaded again by a new host once it was given up', async () => {
    const idle = hostedOf(first);
    const busy = hostedOf(second, { idleMs: null });
    await touch(idle);
    await touch(busy);
    await idle.unload();
    process.kill(host.status().pid!, 'SIGKILL');
    await eventually(() => busy.status().loaded && host.status().starts).toBe(2);
    expect(idle.status().loaded).toBe(false);
  });

  it('waits for those who hold it before it is given up', async () => {
    const hosted = hostedOf(first);
    const release = await hosted.hold(quiet());
    let done = false;
    const unloading = hosted.unload().then(() => {
      done = true;
    });
    await touch(hosted);
    expect(done).toBe(false);
    expect(hosted.status().loaded).toBe(true);
    release();
    await unloading;
    expect(hosted.status().loaded).toBe(false);
    await hosted.unload();
    expect(host.status().state).toBe('idle');
  });

  it('is loaded for who asks while it is given up', async () => {
    const hosted = hostedOf(first);
    await touch(hosted);
    const unloading = hosted.unload();
    const release = await hosted.hold(quiet());
    await unloading;
    expect(hosted.status().loaded).toBe(true);
    release();
  });

  it('counts a death of the host once, however many wait for the model', async () => {
    const program = join(folder, 'deadly.mjs');
    await writeFile(
      program,
      "process.on('message', () => process.exit(3)); process.send({ type: 'ready' });",
    );
    const open = forkChannel<SpeechHostRequest, SpeechHostPart>({ entry: pathToFileURL(program) });
    const deadly = createChildHost({ name: 'deadly', open, maxRunning: 3, restartDelayMs: 1 });
    const hosted = hostedOf(first, { host: deadly });
    const loadByThree = () => Promise.allSettled([1, 2, 3].map(() => hosted.hold(quiet())));
    const statuses = async () => (await loadByThree()).map(({ status }) => status);
    try {
      expect(await statuses()).toEqual(['rejected', 'rejected', 'rejected']);
      expect(deadly.status()).toMatchObject({ failuresInRow: 1 });
      expect(hosted.availability()).toEqual({ available: true });
      await statuses();
      expect(hosted.availability()).toMatchObject({
        available: false,
        reason: expect.stringContaining('ended the speech host 2 times') as unknown,
      });
    } finally {
      await deadly.close();
    }
  });

  it('leaves no timer when it is closed, and none where it never goes', async () => {
    const hosted = hostedOf(first);
    await touch(hosted);
    expect(clock.sleepers).toBe(1);
    hosted.close();
    expect(clock.sleepers).toBe(0);
    await hosted.unload();
    const forever = hostedOf(second, { idleMs: null });
    await touch(forever);
    expect(clock.sleepers).toBe(0);
  });
});
