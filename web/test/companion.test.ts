import { fileURLToPath } from 'node:url';
import type { ServerMessage, TurnTimings } from '@malbeot/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { accessibilityFaults } from './harness/axe.ts';
import { chromiumPath, launchChromium, whyNotHere } from './harness/chromium.ts';
import { stepUp, type Counter, type CounterOptions } from './harness/counter.ts';
import { sayFile } from './harness/fake-microphone.ts';
import { startScriptedTalk, type ScriptedTalk } from './harness/scripted-talk.ts';

const words = fileURLToPath(new URL('./fixtures/yes-ko.wav', import.meta.url));
const desktop = { width: 1280, height: 860 };
const phone = { width: 390, height: 844 };
const timings: TurnTimings = {
  endpoint_ms: 320,
  final_ms: 400,
  first_token_ms: 450,
  first_audio_ms: 590,
  done_ms: 1320,
  speculative: false,
};
const providers = { ears: 'demo_ear', mind: 'rules', voice: 'espeak' };

const partial = (text: string, stable: string): ServerMessage => ({
  type: 'transcript_partial',
  data: { text, stable },
});
const final = (turnId: string, text: string, kind: 'words' | 'backchannel' = 'words'): ServerMessage => ({
  type: 'transcript_final',
  data: { turn_id: turnId, text, kind, confidence: 0.9 },
});
const delta = (turnId: string, text: string): ServerMessage => ({
  type: 'reply_delta',
  data: { turn_id: turnId, text },
});
const done = (turnId: string, text: string): ServerMessage => ({
  type: 'reply_done',
  data: { turn_id: turnId, text, timings, providers },
});

/** Long enough for a machine that does other things too. */
const until = <T>(what: () => Promise<T> | T) => expect.poll(what, { timeout: 15_000 });

describe.skipIf(chromiumPath === null)(
  `the companion’s page, the server played by the test${whyNotHere}`,
  () => {
    let browser: Browser;
    let talk: ScriptedTalk;
    let counter: Counter | undefined;

    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());
    beforeEach(async () => {
      talk = await startScriptedTalk();
    });
    afterEach(async () => {
      const leaving = counter;
      counter = undefined;
      await leaving?.leave();
      await talk.close();
    });

    async function open(options: CounterOptions = {}): Promise<Counter> {
      counter = await stepUp(browser, talk.url, { path: '/companion', size: desktop, ...options });
      await counter.page.getByText(counter.t('web.talk.connection.open'), { exact: true }).waitFor();
      return counter;
    }

    const log = ({ page, t }: Counter) => page.getByRole('log', { name: t('web.talk.captions') });
    const phase = ({ page }: Counter) => page.locator('.talk-phase');
    const sent = (type: string) => talk.received.filter((message) => message.type === type);
    const heard = (audioId: number) =>
      Math.max(
        0,
        ...talk.received.flatMap(({ type, data }) =>
          type === 'played' && data.audio_id === audioId ? [data.ms] : [],
        ),
      );

    async function startTalking(at: Counter): Promise<void> {
      await at.button('web.talk.start').click();
      await until(() => sent('start').length).toBe(1);
      await until(() => phase(at).innerText()).toBe(at.t('web.talk.phase.listening'));
    }

    it('hears, shows what is heard, answers aloud, and tells how far the loudspeaker got', async () => {
      const at = await open();
      const { page, t, button } = at;
      await startTalking(at);
      expect(sent('start')[0]?.data).toEqual({
        sample_rate: 16_000,
        codec: 'pcm16',
        hands_free: true,
        speech_rate: 1,
      });
      await sayFile(page, words);
      await until(() => talk.soundBytes).toBeGreaterThan(16_000);

      talk.say({ type: 'speech_started', data: { at_ms: 0 } }, partial('오늘 비가 오는데', '오늘 비가 '));
      await until(() => phase(at).innerText()).toBe(t('web.talk.phase.hearing'));
      await until(() => log(at).locator('.talk-user').innerText()).toContain('오늘 비가 오는데');
      expect(await log(at).locator('.talk-open').innerText()).toBe('오는데');
      talk.say(
        { type: 'speech_stopped', data: { at_ms: 900, duration_ms: 900 } },
        final('t1', '오늘 비가 오는데 뭐 먹지?'),
      );
      await until(() => phase(at).innerText()).toBe(t('web.talk.phase.thinking'));
      expect(await log(at).locator('.talk-open').count()).toBe(0);

      const [first, second] = ['따뜻한 국물이 좋죠.', '칼국수는 어때요?'];
      talk.say(delta('t1', `${first} `), delta('t1', second));
      talk.sound('t1', 1, first, 600);
      talk.sound('t1', 2, second, 600);
      await until(() => phase(at).innerText()).toBe(t('web.talk.phase.speaking'));
      // What is still to be said is paler than what was heard.
      await until(() => log(at).locator('.talk-open').innerText()).toContain('어때요?');
      talk.say(done('t1', `${first} ${second}`));
      await until(() => [heard(1), heard(2)]).toEqual([600, 600]);
      await until(() => log(at).locator('.talk-open').count()).toBe(0);
      await until(() => phase(at).innerText()).toBe(t('web.talk.phase.listening'));

      await button('web.talk.timings.show').click();
      const rows = page.getByRole('table', { name: t('web.talk.timings.caption') }).getByRole('row');
      expect(await rows.allInnerTexts()).toEqual(
        expect.arrayContaining([
          expect.stringMatching(new RegExp(`${t('web.talk.timings.first_audio')}\\s+590 ms`)),
        ]),
      );
      await button('web.talk.mute').click();
      expect(await page.evaluate(() => globalThis.fakeMicrophone.open())).toBe(0);
    });

    it('goes on through a “네”, and quietly while it is not sure', async () => {
      const at = await open();
      await startTalking(at);
      talk.say(final('t1', '이야기해 줘'), delta('t1', '옛날 옛적에 호랑이가 살았어요.'));
      talk.sound('t1', 1, '옛날 옛적에 호랑이가 살았어요.', 1500);
      await until(() => heard(1)).toBeGreaterThan(0);
      talk.say({ type: 'duck', data: { decibels: 20 } });
      await until(() => phase(at).innerText()).toBe(at.t('web.talk.phase.ducked'));
      talk.say({ type: 'restore', data: {} }, final('t2', '네', 'backchannel'));
      await until(() => phase(at).innerText()).toBe(at.t('web.talk.phase.speaking'));
      talk.say(done('t1', '옛날 옛적에 호랑이가 살았어요.'));
      await until(() => heard(1)).toBe(1500);
      expect(sent('interrupt')).toEqual([]);
      expect(await log(at).locator('.talk-user-backchannel').innerText()).toContain('네');
    });

    for (const way of ['the button', 'Escape', 'the server'] as const) {
      it(`falls silent by ${way}, and keeps what was heard`, async () => {
        const at = await open();
        const { page, t, button } = at;
        await startTalking(at);
        const text = '먼저 육수를 내고 감자를 썰어요.';
        talk.say(final('t1', '칼국수 어떻게 해?'), delta('t1', text));
        talk.sound('t1', 1, text, 20_000);
        await until(() => heard(1)).toBeGreaterThan(0);
        if (way === 'the button') await button('web.talk.stop').click();
        if (way === 'Escape') await page.keyboard.press('Escape');
        if (way !== 'the server') await until(() => sent('interrupt').length).toBe(1);
        talk.say({ type: 'interrupted', data: { turn_id: 't1', heard_text: '먼저 육수를' } });
        await page.getByText(t('web.talk.stopped')).waitFor();
        expect(await log(at).locator('.talk-unsaid').innerText()).toBe('내고 감자를 썰어요.');
        await until(() => phase(at).innerText()).toBe(t('web.talk.phase.listening'));
        expect(heard(1)).toBeLessThan(20_000);
        // The next answer sounds as ever.
        talk.say(final('t2', '고마워'), delta('t2', '네.'));
        talk.sound('t2', 2, '네.', 300);
        await until(() => heard(2)).toBe(300);
      });
    }

    it('hears while the space bar or the button is held, and only then', async () => {
      const at = await open();
      const { page, t, button } = at;
      await page
        .getByRole('group', { name: t('web.talk.mode') })
        .getByRole('button')
        .last()
        .click();
      await page.locator('h1').click();
      await page.keyboard.down('Space');
      await page.getByText(t('web.talk.holding')).waitFor();
      await until(() => sent('start').at(-1)?.data).toMatchObject({ hands_free: false });
      await until(() => talk.soundBytes).toBeGreaterThan(640);
      await page.keyboard.up('Space');
      await until(() => sent('end').length).toBe(1);
      await button('web.talk.mute').waitFor();
      talk.clear();
      await page.waitForTimeout(200);
      expect(talk.soundBytes).toBe(0);

      const orb = page.locator('.talk-orb');
      await orb.hover();
      await page.mouse.down();
      // The moment before the press comes along.
      await until(() => talk.soundBytes).toBeGreaterThan(9_600);
      await page.mouse.up();
      await until(() => sent('end').length).toBe(1);
      await page.getByText(t('web.talk.phase.hold')).waitFor();
      // In a line of text a space is a space.
      talk.clear();
      await page.getByRole('textbox').click();
      await page.keyboard.type('안녕 하세요');
      expect(talk.soundBytes).toBe(0);
    });

    it('takes typed words, shows them once, and answers without a microphone', async () => {
      const at = await open({ microphoneRefusal: 'NotAllowedError' });
      const { page, t, button } = at;
      await button('web.talk.start').click();
      await page.getByRole('alert').getByText(t('web.talk.microphone.permission-refused')).waitFor();
      await page.getByRole('textbox', { name: t('web.talk.type') }).fill('안녕하세요');
      await page.keyboard.press('Enter');
      await until(() => sent('text')[0]?.data).toEqual({ message: '안녕하세요' });
      talk.say(final('t1', '안녕하세요'), delta('t1', '반가워요.'));
      talk.sound('t1', 1, '반가워요.', 200);
      talk.say(done('t1', '반가워요.'));
      await until(() => heard(1)).toBe(200);
      expect(await log(at).getByRole('listitem').count()).toBe(2);
      expect(await page.getByRole('textbox').inputValue()).toBe('');
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    it('types only where the server has no ears, and writes where it has no voice', async () => {
      talk.describe({ ears: null, voice: null });
      const at = await open();
      const { page, t } = at;
      await page.getByText(t('web.talk.no_ears')).waitFor();
      await page.getByText(t('web.talk.no_voice')).waitFor();
      expect(await page.locator('.talk-orb').count()).toBe(0);
      await page.getByRole('textbox').fill('안녕');
      await page.keyboard.press('Enter');
      talk.say(final('t1', '안녕'), delta('t1', '반가워요.'), done('t1', '반가워요.'));
      await log(at).getByText('반가워요.').waitFor();
      expect(await log(at).getAttribute('aria-live')).toBe('polite');
      expect(await log(at).locator('.talk-open').count()).toBe(0);
    });

    it('comes back by itself after a lost connection, and goes on', async () => {
      const at = await open();
      const { page, t } = at;
      at.forgive(/WebSocket|ERR_/);
      await startTalking(at);
      talk.say(final('t1', '기억나?'), delta('t1', '그럼요.'), done('t1', '그럼요.'));
      await log(at).getByText('그럼요.').waitFor();
      talk.clear();
      talk.reachable = false;
      talk.cut();
      await page.getByText(t('web.talk.lost.title')).waitFor();
      talk.reachable = true;
      await page.getByText(t('web.talk.resumed')).waitFor();
      await log(at).getByText('그럼요.').waitFor();
      // The server is told again how the microphone is used.
      await until(() => sent('start').length).toBe(1);
      await until(() => phase(at).innerText()).toBe(t('web.talk.phase.listening'));
    });

    it('goes on after the page was loaded again, and begins anew when asked to', async () => {
      const at = await open();
      const { page, t, button } = at;
      talk.say(final('t1', '기억나?'), delta('t1', '그럼요.'), done('t1', '그럼요.'));
      await log(at).getByText('그럼요.').waitFor();
      await page.reload();
      await log(at).getByText('그럼요.').waitFor();
      await page.getByText(t('web.talk.connection.open'), { exact: true }).waitFor();
      expect(talk.sessions).toBe(1);
      await button('web.companion.new').click();
      await page.getByRole('heading', { name: t('web.companion.hello') }).waitFor();
      expect(talk.sessions).toBe(2);
      expect(await log(at).getByRole('listitem').count()).toBe(0);
    });

    it('goes on with a reply that is on its way while the page is loaded again', async () => {
      const at = await open();
      const { page, t } = at;
      await page.getByRole('textbox').fill('이야기해 줘');
      await page.keyboard.press('Enter');
      await until(() => sent('text').length).toBe(1);
      talk.say(final('t1', '이야기해 줘'), delta('t1', '옛날에 '));
      await log(at).getByText('옛날에').waitFor();
      talk.clear();
      const loading = page.reload();
      talk.say(delta('t1', '호랑이가 '));
      await loading;
      await until(() => sent('resume').length).toBe(1);
      talk.say(delta('t1', '살았어요.'));
      talk.sound('t1', 1, '살았어요.', 100);
      talk.say(done('t1', '옛날에 호랑이가 살았어요.'));
      await log(at).getByText('옛날에 호랑이가 살았어요.').waitFor();
      expect(await log(at).getByRole('listitem').count()).toBe(2);
      await page.getByText(t('web.talk.connection.open'), { exact: true }).waitFor();
      expect(await page.getByText(t('web.talk.resumed')).count()).toBe(0);
      // What hears and speaks is known without being told again.
      await page.getByText(t('web.companion.parts')).waitFor();
      expect(talk.sessions).toBe(1);
    });

    it('says when the server is away, and tries again when asked to', async () => {
      const at = await open();
      const { page, t, button } = at;
      at.forgive(/WebSocket|ERR_/);
      await page.route('**/api/sessions/new', (route) => route.abort());
      await button('web.companion.new').click();
      await page.getByRole('alert').getByText(t('web.companion.failed')).waitFor();
      await page.unroute('**/api/sessions/new');
      await button('web.retry').click();
      await page.getByRole('heading', { name: t('web.companion.hello') }).waitFor();
    });

    it('moves back here when another window has taken the conversation', async () => {
      const at = await open();
      const { page, t, button } = at;
      talk.say({ type: 'error', data: { code: 'REPLACED', message: 'elsewhere', fatal: true } });
      talk.end(4001);
      await page.getByText(t('web.talk.error.REPLACED')).waitFor();
      await button('web.talk.again').click();
      await page.getByText(t('web.talk.connection.open'), { exact: true }).waitFor();
      expect(talk.sessions).toBe(1);
    });

    for (const [name, size, language] of [
      ['desktop', desktop, 'ko'],
      ['phone', phone, 'en'],
    ] as const) {
      it(`axe finds nothing: ${name}, ${language}`, async () => {
        const at = await open({ size, language });
        const { page, t, button } = at;
        const faults: Record<string, string[]> = {};
        const audit = async (screen: string) => {
          for (const theme of ['light', 'dark', 'contrast'] as const) {
            await button(`web.theme.${theme}`).click();
            await settle(page);
            const found = await accessibilityFaults(page);
            if (found.length > 0) faults[`${screen}, ${theme}`] = found;
          }
        };
        await audit('start');
        await startTalking(at);
        talk.say(
          final('t1', '하나', 'backchannel'),
          final('t1', '칼국수'),
          delta('t1', '먼저 육수를 내고'),
          done('t1', '먼저 육수를 내고'),
        );
        talk.sound('t1', 1, '먼저 육수를 내고', 20_000);
        talk.say(
          { type: 'interrupted', data: { turn_id: 't1', heard_text: '먼저' } },
          partial('그리고 또', '그리고 '),
        );
        talk.say({ type: 'error', data: { code: 'TURN_FAILED', message: '', fatal: false } });
        await button('web.talk.timings.show').click();
        await page.locator('.companion-parts summary').click();
        await audit('in the middle of everything');
        expect(faults).toEqual({});
        const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
        expect(scrollWidth).toBe(clientWidth);
        expect(await page.getByText(t('web.talk.error.TURN_FAILED')).count()).toBe(1);
      });
    }
  },
);

/** Colours in the middle of a transition are nobody's colours. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
    }
  });
}
