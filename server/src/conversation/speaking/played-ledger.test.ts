import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../audio/testing/random.ts';
import { createManualClock } from '../../providers/fake/manual-clock.ts';
import { createPlayout } from './playout.ts';
import { speakReply } from './reply-speaker.ts';
import { createPageLoudspeaker, type PageLoudspeaker } from './testing/page-loudspeaker.ts';
import { passTo } from './testing/virtual-time.ts';
import { createWordVoice, type WordVoice } from './testing/word-voice.ts';

const SENTENCES = [
  '네.',
  '알겠습니다.',
  '불고기버거 두 개랑 시원한 콜라 하나 담아 드렸어요.',
  '혹시 감자튀김도 같이 드시겠어요?',
  '오늘은 날씨가 맑아서, 가까운 공원에 나가 천천히 걷기 좋겠네요!',
  '어제 말씀하신 그 영화는 저도 정말 재미있게 보았는데, 특히 마지막 장면이 오래도록 기억에 남았어요.',
  '음, 잠깐만요.',
  'Sure, let me check that for you right away.',
  '천천히 생각해 보시고 편하실 때 말씀해 주세요.',
];

type Way = 'reports' | 'bad reports' | 'no reports';

interface Interruption {
  readonly wordsOff: number;
  readonly wordsOffAfterLastWord: number;
  readonly isPrefix: boolean;
}

const wordsIn = (text: string) => text.match(/\S+/g)?.length ?? 0;

/** How many words of the reply the loudspeaker had said, by half of their sound at least. */
function trulyHeard(page: PageLoudspeaker, voice: WordVoice, atMs: number): number {
  const played = page.playedAt(atMs);
  let heard = 0;
  for (const message of page.messages) {
    if (message.type !== 'audio_start') continue;
    const playedMs = played.get(message.data.audio_id) ?? 0;
    for (const { startMs, endMs } of voice.truth.get(message.data.text)!) {
      if (playedMs >= (startMs + endMs) / 2) heard++;
    }
  }
  return heard;
}

async function interruptOnce(seed: number, givesTimes: boolean, way: Way): Promise<Interruption> {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  const clock = createManualClock();
  const voice = createWordVoice({
    clock,
    random,
    givesTimes,
    givesMouth: true,
    sampleRate: pick([8_000, 11_025, 16_000]),
    syllableMs: 120 + random() * 110,
    latencyMs: pick([0, 40, 300]),
    slowness: pick([0, 0.05, 0.4, 0.9]),
    pieceMs: pick([20, 60, 100, 1_000]),
  });
  const uplinkMs = 5 + random() * 40;
  let wasLost = false;
  const bring = (audioId: number, ms: number, laterMs: number) =>
    clock.after(laterMs, () => playout.played(audioId, ms));
  const page = createPageLoudspeaker({
    clock,
    downlinkMs: random() * 40,
    bufferMs: random() * 60,
    ...(way === 'no reports' ? {} : { reportEveryMs: 200 }),
    deliver(audioId, ms) {
      if (way === 'bad reports') {
        const isLost = !wasLost && random() < 0.15;
        wasLost = isLost;
        if (random() < 0.1) bring(audioId, ms, uplinkMs + 150 + random() * 250);
        if (random() < 0.1)
          bring(audioId, pick([-5, Number.NaN, Infinity, 1e9, ms - 300, ms + 60_000]), uplinkMs);
        if (random() < 0.05) bring(audioId + pick([1, 7, -100, 0.5]), ms, uplinkMs);
        if (isLost) return;
      }
      bring(audioId, ms, uplinkMs + (way === 'bad reports' ? random() * 60 : 0));
    },
  });
  const playout = createPlayout({ output: page, clock, timers: clock });
  const controller = new AbortController();
  const reply = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(SENTENCES)).join(' ');
  async function* deltas() {
    for (const word of reply.match(/\s*\S+/g)!) {
      if (random() < 0.5) await clock.sleep(random() * 60, controller.signal);
      yield word;
    }
  }
  const style = { speed: pick([1, 1, 0.8, 1.4]) };
  const options = { voice, style, language: 'ko', clock, timers: clock };
  const parts = speakReply(deltas(), options, controller.signal);
  const playing = playout.play('turn', parts, controller.signal).catch(() => {});
  const spokenMs = reply.length * 180;
  await passTo(clock, 100 + random() * spokenMs);

  controller.abort();
  const stopped = playout.stop();
  const nowMs = clock.monotonicMs();
  const said = stopped.heardText();
  const wordsOff = wordsIn(said) - trulyHeard(page, voice, nowMs);
  // The page stops when it is told to, and says how far it got.
  const stopsAtMs = nowMs + 30;
  const place = page.placeAt(stopsAtMs);
  await passTo(clock, stopsAtMs + 40);
  if (place !== undefined && way !== 'no reports') playout.played(place.audioId, Math.round(place.ms));
  const last = stopped.heardText();
  const trulyLast = trulyHeard(page, voice, way === 'no reports' ? nowMs : stopsAtMs);
  page.close();
  await playing;
  return {
    wordsOff,
    wordsOffAfterLastWord: wordsIn(last) - trulyLast,
    isPrefix: [said, last].every(
      (text) => text === '' || (reply.startsWith(text) && /^(?:\s|$)/.test(reply.slice(text.length))),
    ),
  };
}

describe('what the loudspeaker said', () => {
  it.each([
    ['a voice that tells its words', true, 'reports'],
    ['a voice that tells its words, reports that go astray', true, 'bad reports'],
    ['a voice that tells its words, a page that tells nothing', true, 'no reports'],
    ['a voice without times', false, 'reports'],
    ['a voice without times, reports that go astray', false, 'bad reports'],
  ] as const)(
    'is known to a word: %s',
    async (_, givesTimes, way) => {
      const off: number[] = [];
      const offLast: number[] = [];
      for (let seed = 1; seed <= 200; seed++) {
        const { wordsOff, wordsOffAfterLastWord, isPrefix } = await interruptOnce(seed, givesTimes, way);
        expect(isPrefix, `seed ${seed}`).toBe(true);
        off.push(wordsOff);
        offLast.push(wordsOffAfterLastWord);
      }
      expect(Math.max(...off.map(Math.abs))).toBeLessThanOrEqual(1);
      expect(off.filter((words) => words === 0).length).toBeGreaterThan(150);
      expect(Math.max(...offLast.map(Math.abs))).toBeLessThanOrEqual(1);
    },
    60_000,
  );
});
