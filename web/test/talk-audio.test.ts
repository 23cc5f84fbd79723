import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import './talk-audio-page/globals.ts';
import { serveAudioPage, type AudioPageServer } from './harness/audio-page.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { replaceMicrophone, sayFile } from './harness/fake-microphone.ts';
import { loudness } from './harness/sound.ts';

const order = fileURLToPath(new URL('./fixtures/order-ko.wav', import.meta.url));
const ORDER_MS = 2717;
const FULL = 12_000 / 0x8000;

/** Long enough for a machine that does other things too. */
const until = <T>(what: () => Promise<T> | T) => expect.poll(what, { timeout: 15_000 });

describe.skipIf(chromiumPath === null)(`the audio of a talk in a browser${whyNotHere}`, () => {
  let site: AudioPageServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    [site, browser] = await Promise.all([serveAudioPage('talk-audio-page'), launchChromium()]);
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

  async function open(query = ''): Promise<void> {
    await replaceMicrophone(page);
    await page.goto(`${site.url}${query}`);
    await page.waitForFunction(() => globalThis.talkAudioPage !== undefined);
  }

  const touch = async () => {
    await page.getByRole('button').click();
    await page.evaluate(() => globalThis.talkAudioPage.listen());
  };
  const played = () => page.evaluate(() => globalThis.talkAudioPage.played);
  const last = async (audioId: number) =>
    (await played()).findLast((report) => report.audioId === audioId && report.isLast)?.ms;
  const idle = () => until(() => page.evaluate(() => globalThis.talkAudioPage.player.state)).toBe('idle');

  /** Loudness of each 5 ms that went to the loudspeaker, from the first sound to the last. */
  async function levels(): Promise<number[]> {
    // The last block is on its way.
    await page.waitForTimeout(60);
    const { samples, sampleRate } = await page.evaluate(() => globalThis.talkAudioPage.recorded());
    const length = sampleRate / 200;
    const all: number[] = [];
    for (let at = 0; at + length <= samples.length; at += length) {
      const sum = samples.slice(at, at + length).reduce((total, sample) => total + sample * sample, 0);
      all.push(Math.sqrt((2 * sum) / length) / FULL);
    }
    const sounding = (level: number) => level > 0.01;
    return all.slice(all.findIndex(sounding), all.findLastIndex(sounding) + 1);
  }

  describe('the player of numbered sounds', () => {
    for (const rate of [16_000, 22_050, 24_000]) {
      it(`plays pieces of ${rate} Hz as one sound, and tells how far it got`, async () => {
        await open();
        await touch();
        await page.evaluate(async (sampleRate) => {
          const { hum, player } = globalThis.talkAudioPage;
          hum(7, 0, 300, sampleRate);
          for (let ms = 300; ms < 1000; ms += 20) {
            hum(7, ms, ms + 20, sampleRate);
            // As a network brings them: ahead, and never evenly.
            await new Promise((resolve) => setTimeout(resolve, (ms * 7) % 17));
          }
          player.end(7);
        }, rate);
        await idle();
        const heard = await levels();
        expect(heard.length * 5).toBeGreaterThan(985);
        expect(heard.length * 5).toBeLessThan(1020);
        const middle = heard.slice(1, -2);
        expect(Math.min(...middle)).toBeGreaterThan(0.8);
        expect(Math.max(...middle)).toBeLessThan(1.2);
        const reports = await played();
        expect(reports.map(({ ms }) => ms)).toEqual(reports.map(({ ms }) => ms).toSorted((a, b) => a - b));
        for (const [index, { ms }] of reports.entries()) {
          expect(ms - (reports[index - 1]?.ms ?? 0)).toBeLessThanOrEqual(200);
        }
        expect(reports.at(-1)).toEqual({ audioId: 7, ms: 1000, isLast: true });
        expect(await page.evaluate(() => globalThis.talkAudioPage.playerStates)).toEqual(['playing', 'idle']);
      });
    }

    it('plays one sound after the other, each told to its end', async () => {
      await open();
      await touch();
      await page.evaluate(() => {
        const { hum, player } = globalThis.talkAudioPage;
        for (const audioId of [1, 2, 3]) {
          hum(audioId, 0, 200, audioId === 2 ? 16_000 : 24_000);
          player.end(audioId);
        }
      });
      await idle();
      const reports = await played();
      expect(reports.filter(({ isLast }) => isLast)).toEqual([
        { audioId: 1, ms: 200, isLast: true },
        { audioId: 2, ms: 200, isLast: true },
        { audioId: 3, ms: 200, isLast: true },
      ]);
      expect((await levels()).length * 5).toBeLessThan(620);
    });

    it('is quieter when ducked, and as loud as before when restored', async () => {
      await open();
      await touch();
      await page.evaluate(async () => {
        const { hum, player, played: reports } = globalThis.talkAudioPage;
        const reached = async (ms: number) => {
          while ((reports.at(-1)?.ms ?? 0) < ms) await new Promise((resolve) => setTimeout(resolve, 5));
        };
        hum(1, 0, 1500);
        player.end(1);
        await reached(300);
        player.duck(20);
        await reached(700);
        player.restore();
      });
      await idle();
      const heard = await levels();
      const quiet = heard.findIndex((level) => level < 0.11);
      const falling = heard.slice(0, quiet).findLastIndex((level) => level > 0.95);
      // 20 ms of ramp, seen through windows of 5 ms.
      expect((quiet - falling) * 5).toBeLessThanOrEqual(30);
      expect(heard[quiet + 4]).toBeCloseTo(0.1, 1);
      const loud = heard.findIndex((level, index) => index > quiet && level > 0.95);
      const rising = heard.slice(0, loud).findLastIndex((level) => level < 0.11);
      expect((loud - rising) * 5).toBeLessThanOrEqual(110);
      expect(Math.max(...heard.slice(loud))).toBeLessThan(1.1);
    });

    it('falls silent at once when stopped, drops what was to come, and tells where it was', async () => {
      await open();
      await touch();
      const before = await page.evaluate(async () => {
        const { hum, player, played: reports } = globalThis.talkAudioPage;
        hum(1, 0, 5000);
        while ((reports.at(-1)?.ms ?? 0) < 400) await new Promise((resolve) => setTimeout(resolve, 5));
        player.stop();
        return reports.at(-1)!.ms;
      });
      await until(() => last(1)).toBeDefined();
      const heard = await levels();
      const stoppedMs = (await last(1)) ?? 0;
      expect(stoppedMs).toBeGreaterThanOrEqual(before);
      // What the loudspeaker got is what was told, and 15 ms of fading.
      expect(Math.abs(heard.length * 5 - 15 - stoppedMs)).toBeLessThanOrEqual(15);
      const fading = heard.findLastIndex((level) => level > 0.95);
      expect((heard.length - 1 - fading) * 5).toBeLessThanOrEqual(20);
      await page.evaluate(() => {
        globalThis.talkAudioPage.hum(2, 0, 100);
        globalThis.talkAudioPage.player.end(2);
      });
      await until(() => last(2)).toBe(100);
    });

    it('goes on where it was when the network was too slow, and waits a little longer then', async () => {
      await open();
      await touch();
      await page.evaluate(() => globalThis.talkAudioPage.hum(1, 0, 200));
      await idle();
      await page.evaluate(() => {
        globalThis.talkAudioPage.hum(1, 200, 500);
        globalThis.talkAudioPage.player.end(1);
      });
      await until(() => last(1)).toBe(500);
    });

    it('begins without a whole start buffer when nothing more comes', async () => {
      await open();
      await touch();
      await page.evaluate(() => globalThis.talkAudioPage.hum(1, 0, 20));
      await until(async () => (await played()).length).toBeGreaterThan(0);
    });

    it('waits for a gesture where the page was not touched', async () => {
      await page.addInitScript(() => {
        // By the page itself: what a test calls counts as a gesture.
        addEventListener('load', () => {
          globalThis.talkAudioPage.hum(1, 0, 200);
          globalThis.talkAudioPage.player.end(1);
        });
      });
      await open();
      const states = () => page.evaluate(() => globalThis.talkAudioPage.playerStates);
      await until(states).toEqual(['playing', 'blocked']);
      expect(await played()).toEqual([]);
      await touch();
      await until(() => last(1)).toBe(200);
      await until(states).toEqual(['playing', 'blocked', 'playing', 'idle']);
    });
  });

  describe('the microphone as frames', () => {
    for (const codec of ['pcm16', 'opus'] as const) {
      it(`sends what is said as ${codec}`, async () => {
        await open(`?codec=${codec}`);
        await touch();
        await page.evaluate(async () => {
          await globalThis.talkAudioPage.uplink.open();
          globalThis.talkAudioPage.uplink.send();
        });
        await sayFile(page, order);
        await page.waitForTimeout(100);
        const {
          samples,
          formats,
          frames,
          levels: told,
        } = await page.evaluate(async () => ({
          samples: await globalThis.talkAudioPage.sent(),
          formats: globalThis.talkAudioPage.formats,
          frames: globalThis.talkAudioPage.frames.map(({ length }) => length),
          levels: globalThis.talkAudioPage.levels,
        }));
        const sampleRate = codec === 'opus' ? 48_000 : 16_000;
        expect(formats).toMatchObject([{ codec, sampleRate }]);
        const sound = { sampleRate, samples: Float32Array.from(samples, (sample) => sample / 0x8000) };
        const voiced = loudness(sound).flatMap((level, index) => (level > 0.02 ? [index * 20] : []));
        expect((voiced.at(-1) ?? 0) - (voiced.at(0) ?? 0)).toBeGreaterThan(ORDER_MS - 500);
        expect(told).toBeGreaterThan(100);
        if (codec === 'pcm16') expect(Math.max(...frames)).toBe(640);
        // 24 kbit/s are 60 bytes in 20 ms.
        else expect(frames.reduce((sum, length) => sum + length, 0) / frames.length).toBeLessThan(90);
      });
    }

    it('sends the moment before too, and nothing while it is held', async () => {
      await open();
      await touch();
      await page.evaluate(() => globalThis.talkAudioPage.uplink.open());
      await until(() => page.evaluate(() => globalThis.talkAudioPage.levels)).toBeGreaterThan(20);
      const counts = await page.evaluate(() => {
        const { frames, uplink } = globalThis.talkAudioPage;
        const held = frames.length;
        uplink.send();
        const sent = frames.length;
        uplink.hold();
        return { held, sent };
      });
      // 300 ms of 20 ms each.
      expect(counts).toEqual({ held: 0, sent: 15 });
      await page.waitForTimeout(200);
      expect(await page.evaluate(() => globalThis.talkAudioPage.frames.length)).toBe(15);
      expect(await page.evaluate(() => globalThis.talkAudioPage.uplinkStates)).toEqual([
        'opening',
        'held',
        'sending',
        'held',
      ]);
    });

    it('tells when the microphone goes away, and can be opened again', async () => {
      await open();
      await touch();
      const tracks = () => page.evaluate(() => globalThis.fakeMicrophone.open());
      await page.evaluate(() => globalThis.talkAudioPage.uplink.open());
      await page.evaluate(() => globalThis.fakeMicrophone.pullOut());
      expect(await page.evaluate(() => globalThis.talkAudioPage.lost)).toEqual(['device-lost']);
      expect(await page.evaluate(() => globalThis.talkAudioPage.uplink.state)).toBe('closed');
      await page.evaluate(() => globalThis.talkAudioPage.uplink.open());
      expect(await tracks()).toBe(1);
      await page.evaluate(() => globalThis.talkAudioPage.uplink.close());
      expect(await tracks()).toBe(0);
    });
  });
});
