import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { accessibilityFaults } from './harness/axe.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter, type CounterOptions } from './harness/counter.ts';
import { sayFile } from './harness/fake-microphone.ts';
import { startMalbeot, type Malbeot } from './harness/malbeot.ts';
import { sounded } from './harness/playback.ts';
import { loudness, readWav } from './harness/sound.ts';

const orderWav = fileURLToPath(new URL('./fixtures/order-ko.wav', import.meta.url));
/** 3.7 s of speech, which is enough for a custom voice. */
const longWav = fileURLToPath(new URL('../../server/models/demo-ear/samples/01.wav', import.meta.url));
const recording = (name: string) =>
  fileURLToPath(new URL(`../../server/src/audio/testing/recordings/${name}`, import.meta.url));
const longText = '안녕하세요. 오늘은 날씨가 참 좋네요. 천천히 이야기해 볼까요? '.repeat(40);
const themes = ['light', 'dark', 'contrast'] as const;
const desktop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };
const patiently = { timeout: 20_000 };

describe.skipIf(chromiumPath === null)(`the page of ears and voices in a browser${whyNotHere}`, () => {
  let malbeot: Malbeot;
  let browser: Browser;
  let counter: Counter | undefined;

  beforeAll(async () => {
    const env = {
      // Three themes on two screens in five states are more than one visitor asks for in a minute.
      RATE_LIMIT: 'off',
      // Set up, and not there.
      COMMAND_STT: '/nowhere/hears {wav}',
    };
    malbeot = await startMalbeot({ env });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await malbeot?.close();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(malbeot.troubles());
    const leaving = counter;
    counter = undefined;
    await leaving?.leave();
  });

  async function open(options?: CounterOptions): Promise<Counter> {
    counter = await stepUp(browser, malbeot.url, { path: '/voices', size: desktop, ...options });
    return counter;
  }

  const card = ({ page, t }: Counter, door: 'speak' | 'hear' | 'custom') =>
    page.getByRole('region', { name: t(`web.voices.${door}.title`) });
  /** The value of a figure by its name. */
  const figure = (within: Locator, name: string) =>
    within.locator('dl > div').filter({ hasText: name }).locator('dd');
  const words = (at: Counter) =>
    card(at, 'speak').getByRole('textbox', { name: at.t('web.voices.speak.text') });
  const allEnded = async (page: Page) => (await sounded(page)).every(({ ended }) => ended);

  /** Everything that is asked of the server at `address` fails so until the page is left. */
  async function answer503(page: Page, address: string): Promise<void> {
    const problem = {
      type: '/docs#PROVIDER_UNAVAILABLE',
      title: 'No provider',
      status: 503,
      detail: 'No voice could speak this now.',
      code: 'PROVIDER_UNAVAILABLE',
      request_id: 'req_test',
    };
    await page.route(address, (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
  }

  for (const language of ['ko', 'en'] as const) {
    it(`speaks what is written, shows how, and gives the sound to keep: ${language}`, async () => {
      const at = await open({ language });
      const { page, t } = at;
      const speak = card(at, 'speak');
      await words(at).fill(language === 'ko' ? '어서 오세요.' : 'Welcome, come in.');
      await speak.getByRole('button', { name: t('web.voices.speak.go') }).click();
      const keep = speak.getByRole('button', { name: t('web.voices.speak.keep') });
      await keep.waitFor();
      await expect.poll(() => allEnded(page), patiently).toBe(true);
      const pieces = await sounded(page);
      const heardMs = pieces.reduce((sum, { durationMs }) => sum + durationMs, 0);
      expect(heardMs).toBeGreaterThan(300);
      expect(Math.max(...pieces.map(({ level }) => level))).toBeGreaterThan(0.02);

      expect(await figure(speak, t('web.voices.figure.who')).innerText()).toBe('eSpeak NG');
      expect(await figure(speak, t('web.voices.figure.first')).innerText()).toMatch(/^[\d,]+ ms$/);
      expect(await figure(speak, t('web.voices.figure.whole')).innerText()).toMatch(/^[\d,]+ ms$/);
      const seconds = (heardMs / 1000).toFixed(1);
      const length = figure(speak, t('web.voices.figure.length'));
      expect(await length.innerText()).toBe(t('web.voices.figure.s', { seconds }));
      // The plot fills its card, and all of it was heard.
      const plot = speak.getByRole('figure');
      const [plotBox, cardBox] = [await plot.boundingBox(), await speak.boundingBox()];
      expect(plotBox!.width).toBeGreaterThan(cardBox!.width * 0.85);
      await expect.poll(() => plot.locator('.sound-to-come').getAttribute('d'), patiently).toBe('');

      const [download] = await Promise.all([page.waitForEvent('download'), keep.click()]);
      expect(download.suggestedFilename()).toBe('malbeot-espeak.wav');
      const kept = readWav(await readFile(await download.path()));
      expect((kept.samples.length * 1000) / kept.sampleRate).toBeCloseTo(heardMs, 0);
      expect(Math.max(...loudness(kept))).toBeGreaterThan(0.05);
    });
  }

  it('stops in the middle, and keeps what came', async () => {
    const at = await open();
    const { page, t } = at;
    const speak = card(at, 'speak');
    await words(at).fill(longText);
    await speak.getByRole('button', { name: t('web.voices.speak.go') }).click();
    await expect.poll(async () => (await sounded(page)).length, patiently).toBeGreaterThan(0);
    await speak.getByRole('button', { name: t('web.voices.speak.stop') }).click();
    await speak.getByRole('button', { name: t('web.voices.speak.go') }).waitFor();
    await expect.poll(() => allEnded(page), patiently).toBe(true);
    const pieces = (await sounded(page)).length;
    await speak.getByRole('button', { name: t('web.voices.speak.keep') }).waitFor();
    expect(await figure(speak, t('web.voices.figure.whole')).innerText()).toBe(t('web.voices.figure.cut'));
    expect(await speak.getByRole('alert').count()).toBe(0);
    // It can speak again, and what came of the first one is not said.
    await words(at).fill('네.');
    await speak.getByRole('button', { name: t('web.voices.speak.go') }).click();
    await expect.poll(async () => (await sounded(page)).length, patiently).toBeGreaterThan(pieces);
    await speak.getByRole('button', { name: t('web.voices.speak.go') }).waitFor();
    expect(await figure(speak, t('web.voices.figure.whole')).innerText()).toMatch(/ms$/);
  });

  it('has nothing to say without words', async () => {
    const at = await open();
    const button = card(at, 'speak').getByRole('button', { name: at.t('web.voices.speak.go') });
    await words(at).fill('');
    expect(await button.isDisabled()).toBe(true);
    await words(at).fill('  \n ');
    expect(await button.isDisabled()).toBe(true);
    await words(at).fill('네');
    expect(await button.isEnabled()).toBe(true);
  });

  it('says who was passed over, and what to do when nobody can speak', async () => {
    const at = await open();
    const { page, t, forgive } = at;
    const speak = card(at, 'speak');
    const go = speak.getByRole('button', { name: t('web.voices.speak.go') });
    // Of what was spoken before, nobody is asked again.
    await words(at).fill('건너뛰었어요.');
    // The page offers nobody who can't speak: as if it stopped working while the page was open.
    await page.route('**/api/tts/synthesize', (route) => {
      const asked = route.request().postDataJSON() as object;
      return route.continue({ postData: { ...asked, provider: 'supertonic' } });
    });
    await go.click();
    await speak.getByRole('button', { name: t('web.voices.speak.keep') }).waitFor();
    expect(await figure(speak, t('web.voices.speak.skipped')).innerText()).toBe(
      `Supertonic 3 (${t('web.voices.skipped.unavailable')})`,
    );
    await page.unroute('**/api/tts/synthesize');

    forgive(/503|ERR_FAILED/);
    await go.waitFor();
    await answer503(page, '**/api/tts/synthesize');
    await go.click();
    const alert = speak.getByRole('alert');
    await alert.getByText(t('web.voices.trouble.speak.PROVIDER_UNAVAILABLE')).waitFor();
    expect(await alert.locator('[lang="en"]').innerText()).toBe('No voice could speak this now.');
    await page.unroute('**/api/tts/synthesize');
    await page.route('**/api/tts/synthesize', (route) => route.abort());
    await go.click();
    await alert.getByText('서버에 연결하지 못했어요').waitFor();
    await page.unroute('**/api/tts/synthesize');
    await go.click();
    await speak.getByRole('button', { name: t('web.voices.speak.keep') }).waitFor();
    expect(await alert.count()).toBe(0);
  });

  it('hears the microphone', async () => {
    const at = await open();
    const { page, t } = at;
    const hear = card(at, 'hear');
    await hear.getByRole('button', { name: t('web.voices.hear.record') }).click();
    await hear.getByText(t('web.voices.hear.recording')).waitFor();
    await sayFile(page, orderWav);
    await hear.getByRole('button', { name: t('web.voices.hear.stop') }).click();
    await hear.getByText('“불고기버거 두 개랑 콜라 하나 주세요”').waitFor();
    expect(await figure(hear, t('web.voices.figure.language')).innerText()).toBe('ko');
    const length = await figure(hear, t('web.voices.figure.length')).innerText();
    expect(Number.parseFloat(length)).toBeGreaterThan(2.6);
    expect(await page.evaluate(() => globalThis.fakeMicrophone.open())).toBe(0);
  });

  it('hears files of several kinds, and says which it can not read', async () => {
    const at = await open();
    const { page, t, forgive } = at;
    const hear = card(at, 'hear');
    const choose = async (name: string) => {
      const chooser = page.waitForEvent('filechooser');
      await hear.getByRole('button', { name: t('web.voices.hear.file') }).click();
      await (await chooser).setFiles(recording(name));
    };
    for (const name of ['speech-opus.ogg', 'speech.mp3', 'speech.webm']) {
      await choose(name);
      await hear.getByText('“네 가져갈게요”').waitFor();
    }
    await choose('silence.webm');
    await hear.getByText(t('web.voices.hear.nothing')).waitFor();
    forgive(/4(15|22) \(/);
    await choose('silence.flac');
    const alert = hear.getByRole('alert');
    await alert.getByText(t('web.voices.trouble.hear.UNSUPPORTED_MEDIA_TYPE')).waitFor();
    expect(await alert.locator('[lang="en"]').innerText()).toMatch(/^This is FLAC/);
    await choose('picture-only.webm');
    await alert.getByText(t('web.voices.trouble.hear.AUDIO_UNREADABLE')).waitFor();
    expect(await hear.getByText(t('web.voices.hear.nothing')).count()).toBe(0);
  });

  it('says what to do without a microphone', async () => {
    const at = await open({ microphoneRefusal: 'NotAllowedError', language: 'en' });
    const { t } = at;
    const hear = card(at, 'hear');
    await hear.getByRole('button', { name: t('web.voices.hear.record') }).click();
    await hear.getByRole('alert').getByText(t('web.voices.microphone.permission-refused')).waitFor();
    await hear.getByRole('button', { name: t('web.voices.hear.record') }).waitFor();
    const custom = card(at, 'custom');
    await custom.getByRole('button', { name: t('web.voices.custom.add') }).click();
    await custom.getByRole('button', { name: t('web.voices.custom.record') }).click();
    await custom.getByRole('alert').getByText(t('web.voices.microphone.permission-refused')).waitFor();
    expect(await custom.getByRole('button', { name: t('web.voices.custom.save') }).isDisabled()).toBe(true);
  });

  it('keeps the voice of a person who agreed, and forgets it', async () => {
    const at = await open();
    const { page, t, forgive } = at;
    const custom = card(at, 'custom');
    const save = custom.getByRole('button', { name: t('web.voices.custom.save') });
    const sent: string[] = [];
    page.on('request', (request) => void sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await custom.getByText(t('web.voices.custom.empty'), { exact: true }).waitFor();
    await custom.getByRole('button', { name: t('web.voices.custom.add') }).click();
    await custom.getByLabel(t('web.voices.custom.name')).fill('민지');
    await custom.getByLabel(t('web.voices.custom.consent_by')).fill('김민지');

    // Too short first: the server says so, and what was written stays.
    const record = async (name: string, wav: string) => {
      await custom.getByRole('button', { name }).click();
      await custom.getByText(t('web.voices.hear.recording')).waitFor();
      await sayFile(page, wav);
      await custom.getByRole('button', { name: t('web.voices.hear.stop') }).click();
      await custom.getByLabel(t('web.voices.custom.listen')).waitFor();
    };
    await record(
      t('web.voices.custom.record'),
      fileURLToPath(new URL('./fixtures/yes-ko.wav', import.meta.url)),
    );
    expect(await save.isDisabled()).toBe(true);
    await custom.getByLabel(t('web.voices.custom.name')).press('Enter');
    expect(sent.filter((one) => one.startsWith('POST'))).toEqual([]);
    await custom.getByRole('checkbox', { name: t('web.voices.custom.consent') }).check();
    forgive(/422 \(/);
    await save.click();
    await custom.getByText(t('web.voices.trouble.custom.INVALID_INPUT')).waitFor();
    await record(t('web.voices.custom.again'), longWav);
    await save.click();

    const voice = custom.getByRole('listitem').filter({ hasText: '민지' });
    await voice.getByText('김민지').waitFor();
    await custom.getByRole('button', { name: t('web.voices.custom.add') }).waitFor();
    // Nobody here can speak like a recording, so nobody is offered it.
    expect(await card(at, 'speak').getByRole('option', { name: /민지/ }).count()).toBe(0);
    await page.reload();
    await voice.waitFor();

    const asked: string[] = [];
    let yes = false;
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void (yes ? dialog.accept() : dialog.dismiss());
    });
    const forget = voice.getByRole('button', { name: t('web.voices.custom.forget.one', { name: '민지' }) });
    await forget.click();
    expect(asked).toEqual([t('web.voices.custom.forget.sure', { name: '민지' })]);
    expect(sent.filter((one) => one.startsWith('DELETE'))).toEqual([]);
    yes = true;
    await forget.click();
    await custom.getByText(t('web.voices.custom.empty'), { exact: true }).waitFor();
    expect(sent.filter((one) => one.startsWith('DELETE'))).toHaveLength(1);
  });

  for (const language of ['ko', 'en'] as const) {
    it(`lists who is ready first and says what the others need: ${language}`, async () => {
      const { page, t } = await open({ language });
      const list = (name: 'voices' | 'ears') =>
        page.getByRole('region', { name: t(`web.voices.list.${name}`) });
      const names = (name: 'voices' | 'ears') =>
        list(name).getByRole('heading', { level: 3 }).allInnerTexts();
      await list('voices').getByText(t('web.voices.state.stand_in')).waitFor();
      expect(await names('voices')).toEqual(['eSpeak NG']);
      expect(await names('ears')).toEqual([t('web.voices.name.demo_ear'), t('web.voices.name.command')]);
      // Set up and failing: the server's own words stand below ours.
      const failing = list('ears')
        .getByRole('listitem')
        .filter({ hasText: t('web.voices.failing') });
      expect(await failing.locator('[lang="en"]').innerText()).toMatch(/COMMAND_STT/);
      for (const name of ['voices', 'ears'] as const) await list(name).locator('summary').click();
      expect(await names('voices')).toEqual([
        'eSpeak NG',
        'Supertonic 3',
        t('web.voices.name.sherpa_tts'),
        'Microsoft Edge',
        'SiliconFlow',
        'Azure AI Speech',
        'OpenAI',
        t('web.voices.name.zipvoice'),
      ]);
      await list('voices').getByText('malbeot models pull supertonic-3-int8').waitFor();
      await list('ears').getByText('BROWSER_EARS=on').waitFor();
      const shown = await page.locator('main').innerText();
      if (language === 'en') expect(shown).not.toMatch(/[가-힣]/);
      else {
        const own = await failing.locator('[lang="en"]').innerText();
        expect(shown.replace(own, '')).not.toMatch(/\b(the|is|not|run|set|was|has)\b/i);
      }
    });
  }

  it('says so once when the server is away, and comes back', async () => {
    const at = await open({
      prepare: (page) => page.route(/\/api\/(tts|stt)\//, (route) => route.abort()),
    });
    const { page, button, forgive } = at;
    forgive(/ERR_FAILED/);
    const alert = page.getByRole('alert');
    await alert.getByText('서버에 연결하지 못했어요').waitFor();
    expect(await alert.count()).toBe(1);
    await page.unroute(/\/api\/(tts|stt)\//);
    await button('web.retry').click();
    await words(at).waitFor();
    expect(await alert.count()).toBe(0);
  });

  for (const [screen, size, language] of [
    ['desktop', desktop, 'ko'],
    ['phone', phone, 'en'],
  ] as const) {
    it(`has nothing that axe finds wrong: ${screen}, ${language}`, async () => {
      const at = await open({ size, language });
      const { page, t, forgive } = at;
      const faults: Record<string, string[]> = {};
      const audit = async (state: string) => {
        for (const theme of themes) {
          await page.getByRole('button', { name: t(`web.theme.${theme}`) }).click();
          // Colours in the middle of a transition are nobody's colours.
          await page.evaluate(() => {
            for (const animation of document.getAnimations()) {
              if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
            }
          });
          const found = await accessibilityFaults(page);
          if (found.length > 0) faults[`${state}, ${theme}`] = found;
        }
        const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        if (wide! > window!) faults[`${state}: wider than the window`] = [`${wide} px`];
      };
      const speak = card(at, 'speak');
      const go = speak.getByRole('button', { name: t('web.voices.speak.go') });
      await page.getByText(t('web.voices.custom.empty'), { exact: true }).waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await audit('empty');
      await words(at).fill(longText);
      await go.click();
      await expect.poll(async () => (await sounded(page)).length, patiently).toBeGreaterThan(0);
      await audit('speaking');
      await speak.getByRole('button', { name: t('web.voices.speak.stop') }).click();
      await go.waitFor();
      const hear = card(at, 'hear');
      await hear.locator('input[type=file]').setInputFiles(recording('speech.mp3'));
      await hear.getByText('“네 가져갈게요”').waitFor();
      const custom = card(at, 'custom');
      await custom.getByRole('button', { name: t('web.voices.custom.add') }).click();
      await audit('heard and form open');
      await hear.getByRole('button', { name: t('web.voices.hear.record') }).click();
      await hear.getByText(t('web.voices.hear.recording')).waitFor();
      await answer503(page, '**/api/tts/synthesize');
      forgive(/503/);
      await go.click();
      await speak.getByRole('alert').waitFor();
      await audit('recording and failed');
      expect(faults).toEqual({});
      // Twelve looks through axe on a machine that may be busy.
    }, 240_000);
  }
});
