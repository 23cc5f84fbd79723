import { createSpeechToTextChain } from '../../providers/chain/speech-to-text-chain.ts';
import { createRandom } from '../../providers/chain/testing/chance.ts';
import { createTextToSpeechChain } from '../../providers/chain/text-to-speech-chain.ts';
import { createSimulatedEars } from './simulated-ears.ts';
import type { FaultSource, PartFault } from './simulated-faults.ts';
import { createSimulatedMind } from './simulated-mind.ts';
import { createSimulatedVoice } from './simulated-voice.ts';
import { simulate, type Simulation } from './simulation.ts';
import { createVirtualWorld, type VirtualWorld } from './virtual-world.ts';

/** Something that the person did while the other side was speaking, or meant to. */
export interface BargeIn {
  readonly kind: 'stop' | 'words' | 'backchannel' | 'cough';
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Milliseconds of sound that had been sent and not played then. */
  readonly leftMs: number;
}

/** A conversation that a seed has drawn, when it is over. */
export interface RandomConversation {
  readonly seed: number;
  readonly talk: Simulation;
  /** What was said in order to be answered. */
  readonly asked: readonly string[];
  readonly typed: readonly string[];
  readonly bargeIns: readonly BargeIn[];
  /** When the button that stops was pressed. */
  readonly interrupts: readonly number[];
  /** All that the ears knew of what was being said, with the moment at which they knew it. */
  readonly known: readonly { readonly atMs: number; readonly text: string }[];
  /** What was drawn, for a person who looks for a fault. */
  readonly traits: Readonly<Record<string, unknown>>;
  readonly faults: { readonly ears: boolean; readonly voice: boolean; readonly mind: boolean };
  readonly isClientSilent: boolean;
  readonly isHandsFree: boolean;
  /** How much quicker than usual the voice speaks. */
  readonly speechRate: number;
  readonly oneWayMs: number;
  /** False when it did not come to rest. */
  readonly cameToRest: boolean;
  /** Timers that were left when all was over. */
  readonly timersLeft: number;
}

const QUESTIONS = [
  '오늘 날씨 어때요?',
  '이야기 하나 해 주세요',
  '콜라 하나 주문하려는데 … 얼음은 빼 주세요',
  '제 번호는 공일공 …500 일이삼사 …450 오육칠팔이에요',
  '그리고 …300 내일은 뭐 해요?',
  '음 …350 잘 모르겠어요',
  '아메리카노 두 잔이랑 카페라떼 한 잔 주세요',
  '고마워요',
  '서울에서 부산까지 얼마나 걸려요?',
  'What time is it?',
  '기분이 좀 안 좋아요',
  '네모난 상자는 어디 있어요?',
];
const REPLIES = [
  '네. 그렇게 할게요.',
  '안녕하세요. 오늘은 맑고 따뜻해요. 산책하기 좋은 날이에요.',
  '옛날 옛날에 호랑이가 살았어요. 호랑이는 떡을 아주 좋아했어요. 그래서 날마다 고개에서 기다렸답니다. 어느 날 할머니가 지나갔어요.',
  '아메리카노 두 잔, 카페라떼 한 잔 맞으세요? 모두 12,500원입니다. 드시고 가세요?',
  '서울에서 부산까지는 기차로 두 시간 반쯤 걸리고, 차로는 다섯 시간쯤 걸려요. 어떻게 가실 거예요?',
  'It is half past three. Do you need anything else?',
];
const STOPS = ['잠깐만', '그만', '아니 그거 말고요', '잠깐만요 다른 이야기 해 줘'];
const WORDS = ['다음 이야기 들려줘', '그거 얼마예요', '콜라도 하나 주세요'];
const BACKCHANNELS = ['네', '음', '그쵸', '맞아요', '그렇군요'];

/**
 * Plays the conversation that `seed` stands for, to its end. In a virtual world of its own, the same seed is the same conversation,
 * to the byte.
 */
export async function playRandomConversation(
  seed: number,
  world: VirtualWorld = createVirtualWorld(),
): Promise<RandomConversation> {
  const random = createRandom(seed);
  const between = (low: number, high: number) => Math.round(low + (high - low) * random());
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const chance = (share: number) => random() < share;

  const { clock } = world;
  const known: { atMs: number; text: string }[] = [];
  const drawFaults = (share: number): FaultSource | null => {
    if (!chance(share)) return null;
    const often = 0.2 + 0.5 * random();
    const kinds: readonly PartFault[] = ['fail', 'hang', 'deaf', 'slow', 'die'];
    return () => (chance(often) ? pick(kinds) : 'none');
  };
  const earsFaults = drawFaults(0.15);
  const voiceFaults = drawFaults(0.2);
  const mindFaults = drawFaults(0.15);
  const isHandsFree = chance(0.85);
  const isClientSilent = chance(0.08);
  const networkMs = between(2, 60);
  const jitterMs = between(0, 30);
  const room = {
    noise: pick(['quiet', 'lively', 'lively', 'fan', 'music'] as const),
    noiseDb: between(-62, -46),
    leakDb: pick([null, null, -30, -30, -18]),
    leakDelayMs: between(20, 160),
  };
  const earsTraits = {
    wordDelayMs: between(60, 220),
    finishMs: between(20, 180),
    streams: chance(0.7),
    guesses: chance(0.3),
  };
  const voiceTraits = {
    firstSoundMs: between(20, 180),
    givesTimes: chance(0.5),
    sampleRate: pick([16_000, 24_000]),
    pace: between(2, 20),
  };
  const speechRate = chance(0.1) ? 1.25 : 1;
  const mindTraits = { firstTokenMs: between(0, 200), tokenMs: between(0, 40) };

  const talk = simulate({
    world,
    seed: seed + 1,
    networkMs,
    jitterMs,
    room,
    reportEveryMs: between(50, 200),
    startBufferMs: between(20, 120),
    use: { handsFree: isHandsFree, speechRate },
    ears: (_, air) => {
      const onKnown = (text: string) => void known.push({ atMs: clock.monotonicMs(), text });
      const faults = earsFaults ?? (() => 'none' as const);
      const first = createSimulatedEars({ clock, room: air, ...earsTraits, faults, onKnown });
      return createSpeechToTextChain([first], { id: 'ears', clock, timers: clock });
    },
    voice: () => {
      const first = createSimulatedVoice({
        clock,
        ...voiceTraits,
        ...(voiceFaults && { faults: voiceFaults }),
      });
      const second = createSimulatedVoice({ clock, id: 'fake_second_voice', firstSoundMs: 40 });
      return createTextToSpeechChain([first, second], { id: 'voice', clock, timers: clock });
    },
    talk: {
      mayBeginEarly: chance(0.8),
      dialogue: createSimulatedMind({
        clock,
        ...mindTraits,
        answer: ({ text }) =>
          REPLIES[[...text].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % REPLIES.length]!,
        ...(mindFaults && { faults: mindFaults }),
      }),
    },
  });
  if (isClientSilent) talk.loudspeaker.fallSilent();

  const asked: string[] = [];
  const typed: string[] = [];
  const bargeIns: BargeIn[] = [];
  const interrupts: number[] = [];
  const plain = (text: string) =>
    text
      .replaceAll(/…\d*/g, '')
      // Who only hums has not begun to speak.
      .replace(/^음 /, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
  const bargeIn = async (kind: BargeIn['kind']) => {
    const text = { stop: STOPS, words: WORDS, backchannel: BACKCHANNELS, cough: [''] }[kind];
    const words = pick(text);
    const leftMs = talk.leftMs();
    const startMs = talk.nowMs();
    if (kind === 'cough') await talk.pass(talk.person.cough(between(40, 180)));
    else await talk.say(words);
    bargeIns.push({
      kind,
      text: words,
      startMs,
      endMs: Math.min(talk.nowMs(), talk.person.quietFromMs),
      leftMs,
    });
  };

  await talk.pass(between(300, 1_200));
  let cameToRest = true;
  for (let turn = 0; turn < 3; turn++) {
    if (chance(0.12)) {
      const text = pick(QUESTIONS);
      typed.push(plain(text));
      talk.conversation.type(plain(text));
    } else {
      const text = pick(QUESTIONS);
      asked.push(plain(text));
      await talk.say(text);
    }
    if (chance(0.05)) talk.uplink.pause(between(200, 1_500));
    if (chance(0.05)) talk.downlink.pause(between(200, 1_500));
    if (chance(0.55)) {
      await talk.pass(between(600, 4_000));
      await bargeIn(pick(['stop', 'stop', 'words', 'backchannel', 'backchannel', 'cough']));
    }
    if (chance(0.05)) {
      interrupts.push(talk.nowMs());
      talk.conversation.interrupt();
    }
    cameToRest = (await talk.quiet(200_000)) && cameToRest;
    await talk.pass(between(0, 800));
  }
  await talk.end();
  return {
    seed,
    talk,
    asked,
    typed,
    bargeIns,
    interrupts,
    known,
    traits: {
      networkMs,
      jitterMs,
      ...room,
      ...earsTraits,
      ...voiceTraits,
      ...mindTraits,
      isHandsFree,
      isClientSilent,
      speechRate,
    },
    speechRate,
    faults: { ears: earsFaults !== null, voice: voiceFaults !== null, mind: mindFaults !== null },
    isClientSilent,
    isHandsFree,
    oneWayMs: networkMs + jitterMs,
    cameToRest,
    timersLeft: clock.sleepers,
  };
}
