import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import './audio-page/globals.ts';
import { serveAudioPage, type AudioPageServer } from './harness/audio-page.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { replaceMicrophone, sayFile, type MicrophoneRefusal } from './harness/fake-microphone.ts';
import { sounded, watchPlayback } from './harness/playback.ts';
import { loudness, readWav, toneWav, type Sound } from './harness/sound.ts';

const order = fileURLToPath(new URL('./fixtures/order-ko.wav', import.meta.url));
const ORDER_MS = 2717;

describe.skipIf(chromiumPath === null)(`the audio modules in a browser${whyNotHere}`, () => {
  let site: AudioPageServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    [site, browser] = await Promise.all([serveAudioPage(), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    complaints.length = 0;
    context = await browser.newContext();
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterEach(async () => {
    await context.close();
    if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('\n')}`);
  });

  async function open(options: { refusal?: MicrophoneRefusal; maxMs?: number } = {}): Promise<void> {
    await replaceMicrophone(page, options.refusal);
    await watchPlayback(page);
    await page.goto(`${site.url}?maxMs=${options.maxMs ?? 60_000}`);
    await page.waitForFunction(() => globalThis.audioPage !== undefined);
  }

  const touch = () => page.getByRole('button').click();
  const states = () => page.evaluate(() => globalThis.audioPage.states);
  const stop = async (): Promise<Sound> =>
    readWav(
      Buffer.from(
        await page.evaluate(async () =>
          globalThis.audioPage.base64(await globalThis.audioPage.recorder.stop()),
        ),
        'base64',
      ),
    );

  describe('the recorder', () => {
    it('gives what was said as a 16 kHz WAV, with the moment before', async () => {
      await open();
      await touch();
      await page.evaluate(() => globalThis.audioPage.recorder.open());
      await page.waitForTimeout(400);
      await page.evaluate(() => globalThis.audioPage.recorder.start());
      await sayFile(page, order);
      const sound = await stop();
      expect(sound.sampleRate).toBe(16_000);
      const ms = sound.samples.length / 16;
      expect(ms).toBeGreaterThan(ORDER_MS + 250);
      const levels = loudness(sound);
      expect(Math.max(...levels)).toBeGreaterThan(0.05);
      // The pre-roll is the quiet room, and the sentence is there in its length.
      expect(Math.max(...levels.slice(0, 13))).toBeLessThan(0.005);
      const voiced = levels.flatMap((level, index) => (level > 0.02 ? [index * 20] : []));
      expect((voiced.at(-1) ?? 0) - (voiced.at(0) ?? 0)).toBeGreaterThan(ORDER_MS - 500);
      expect(await states()).toEqual(['opening', 'ready', 'recording', 'ready']);
    });

    it('turns the microphone off, and on again', async () => {
      await open();
      await touch();
      const tracks = () => page.evaluate(() => globalThis.fakeMicrophone.open());
      await page.evaluate(() => globalThis.audioPage.recorder.start());
      expect(await tracks()).toBe(1);
      await page.evaluate(() => globalThis.audioPage.recorder.close());
      expect(await tracks()).toBe(0);
      await page.evaluate(() => globalThis.audioPage.recorder.start());
      expect(await tracks()).toBe(1);
      await page.evaluate(() => {
        // Let go before the browser has answered: nothing may stay open.
        globalThis.audioPage.recorder.close();
        void globalThis.audioPage.recorder.start().catch(() => undefined);
        globalThis.audioPage.recorder.close();
      });
      await expect.poll(tracks).toBe(0);
    });

    it('starts nothing when the button was let go while the browser still asked', async () => {
      await open();
      await touch();
      await page.evaluate(async () => {
        const started = globalThis.audioPage.recorder.start();
        await globalThis.audioPage.recorder.stop();
        await started;
      });
      expect(await states()).toEqual(['opening', 'ready']);
    });

    it('keeps no more than its limit', async () => {
      await open({ maxMs: 1000 });
      await touch();
      await page.evaluate(() => globalThis.audioPage.recorder.start());
      await sayFile(page, order);
      expect((await states()).at(-1)).toBe('full');
      expect((await stop()).samples).toHaveLength(16_000);
    });

    it('finds by itself where an utterance begins and ends', async () => {
      await open();
      await touch();
      await page.evaluate(() => globalThis.audioPage.recorder.listen());
      await page.waitForTimeout(300);
      await sayFile(page, order);
      await expect.poll(() => page.evaluate(() => globalThis.audioPage.utterances.length)).toBe(1);
      const base64 = await page.evaluate(() => {
        const { utterances } = globalThis.audioPage;
        return globalThis.audioPage.base64(utterances.at(0) ?? new Blob());
      });
      const levels = loudness(readWav(Buffer.from(base64, 'base64')));
      expect(levels.length * 20).toBeGreaterThan(ORDER_MS);
      expect(levels.length * 20).toBeLessThan(ORDER_MS + 1500);
      expect(levels[0]).toBeLessThan(0.01);
      expect(await states()).toEqual(['opening', 'ready', 'listening', 'hearing', 'listening']);
    });

    it('says so when the device goes away', async () => {
      await open();
      await touch();
      await page.evaluate(() => globalThis.audioPage.recorder.listen());
      await page.evaluate(() => globalThis.fakeMicrophone.pullOut());
      await expect.poll(() => page.evaluate(() => globalThis.audioPage.errors)).toEqual(['device-lost']);
      expect((await states()).at(-1)).toBe('closed');
    });

    for (const [refusal, kind] of [
      ['NotAllowedError', 'permission-refused'],
      ['NotFoundError', 'no-microphone'],
      ['NotReadableError', 'device-busy'],
    ] as const) {
      it(`says ${kind} for ${refusal}, and is closed`, async () => {
        await open({ refusal });
        await touch();
        const got = await page.evaluate(() =>
          globalThis.audioPage.recorder.start().catch((error: unknown) => (error as { kind: string }).kind),
        );
        expect(got).toBe(kind);
        expect(await states()).toEqual(['opening', 'closed']);
      });
    }
  });

  it('hears the browser’s own fake microphone', async () => {
    const own = await launchChromium({ microphoneWav: order });
    try {
      const page = await own.newPage();
      await page.goto(site.url);
      await page.waitForFunction(() => globalThis.audioPage !== undefined);
      await page.evaluate(() => globalThis.audioPage.recorder.start());
      await expect
        .poll(() => page.evaluate(() => globalThis.audioPage.loudest), { timeout: 8000 })
        .toBeGreaterThan(0.02);
      await page.waitForTimeout(1000);
      const base64 = await page.evaluate(async () =>
        globalThis.audioPage.base64(await globalThis.audioPage.recorder.stop()),
      );
      const sound = readWav(Buffer.from(base64, 'base64'));
      expect(Math.max(...loudness(sound))).toBeGreaterThan(0.02);
    } finally {
      await own.close();
    }
  });

  describe('the player', () => {
    const play = (sound: Buffer, before = '') =>
      page.evaluate(
        async ({ base64, script }) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const { player } = globalThis.audioPage;
          if (script === 'slow') player.rate = 0.5;
          const playing = player.play(bytes.buffer);
          if (script === 'stop') setTimeout(() => player.stop(), 300);
          return playing;
        },
        { base64: sound.toString('base64'), script: before },
      );

    it('plays to the end and says so', async () => {
      await open();
      await touch();
      expect(await play(toneWav(400))).toEqual({ playedMs: 400, durationMs: 400, completed: true });
      expect(await page.evaluate(() => globalThis.audioPage.playerStates)).toEqual(['playing', 'idle']);
      const [sound] = await sounded(page);
      expect(sound?.level).toBeGreaterThan(0.1);
      expect(sound?.ended).toBe(true);
    });

    it('stops at once and says how far it came', async () => {
      await open();
      await touch();
      const played = await play(toneWav(5000), 'stop');
      expect(played.completed).toBe(false);
      expect(played.durationMs).toBe(5000);
      expect(played.playedMs).toBeGreaterThan(0);
      expect(played.playedMs).toBeLessThan(5000);
      await expect.poll(async () => (await sounded(page))[0]?.ended).toBe(true);
    });

    it('speaks slower without losing anything', async () => {
      await open();
      await touch();
      const played = await play(toneWav(400), 'slow');
      expect(played).toEqual({ playedMs: 400, durationMs: 400, completed: true });
      expect((await sounded(page))[0]?.durationMs).toBeGreaterThan(650);
    });

    it('plays one sound at a time', async () => {
      await open();
      await touch();
      const first = play(toneWav(5000));
      await expect.poll(async () => (await sounded(page)).length).toBe(1);
      expect((await play(toneWav(200))).completed).toBe(true);
      expect((await first).completed).toBe(false);
    });

    it('waits for a gesture where the page was not touched', async () => {
      await page.addInitScript((base64) => {
        // By the page itself: what a test calls counts as a gesture.
        addEventListener('load', () => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          void globalThis.audioPage.player.play(bytes.buffer);
        });
      }, toneWav(200).toString('base64'));
      await open();
      const playerStates = () => page.evaluate(() => globalThis.audioPage.playerStates);
      await expect.poll(playerStates).toEqual(['blocked']);
      await touch();
      await expect.poll(playerStates).toEqual(['blocked', 'playing', 'idle']);
    });

    it('refuses what is no sound', async () => {
      await open();
      await touch();
      await expect(play(Buffer.from('no sound at all'))).rejects.toThrow(/could not be decoded/);
    });

    it('plays the voice of the product while the microphone is open', async () => {
      await open();
      await touch();
      await page.evaluate(() => globalThis.audioPage.recorder.listen());
      expect((await play(await readFile(order))).completed).toBe(true);
    });
  });
});
