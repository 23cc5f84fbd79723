import { readFileSync } from 'node:fs';
import { openVad } from '../../server/src/compose/vad-parts.ts';
import type { Conversation } from '../../server/src/conversation/conversation.ts';
import { createConversation } from '../../server/src/conversation/create-conversation.ts';
import type { Dialogue } from '../../server/src/conversation/dialogue.ts';
import { BoundedQueue } from '../../server/src/lib/bounded-queue.ts';
import { systemClock } from '../../server/src/lib/clock.ts';
import { systemTimers } from '../../server/src/lib/timers.ts';
import { LevelDetector } from '../../server/src/providers/fake/level-detector.ts';
import type { ProviderInfo } from '../../server/src/providers/spec/provider.ts';
import type { HearingStream, SpeechToText } from '../../server/src/providers/spec/stt.ts';
import type { TextToSpeech } from '../../server/src/providers/spec/tts.ts';
import type { VoiceActivityDetector } from '../../server/src/providers/spec/vad.ts';
import { silentLogger } from '../../server/src/telemetry/logger.ts';

export interface TalkTask {
  /** Turns of one conversation alone. */
  readonly turns: number;
  /** Conversations at once, and the turns of each. */
  readonly sessions: number;
  readonly turnsEach: number;
  /** 16 kHz PCM16 of somebody who speaks. */
  readonly speechFile: string;
  readonly interruptions: number;
}

/** Milliseconds that the conversation itself adds, turn by turn. */
export interface TogetherMeasure {
  readonly measured: readonly number[];
  /** Cores' worth of work. */
  readonly cores: number;
  readonly megabytesEach: number;
}

export interface TalkMeasure {
  /** Final transcript to the first sound. */
  readonly alone: readonly number[];
  readonly instant: TogetherMeasure;
  /** With a mind that takes 200 ms and a voice that takes 100 ms, which are not counted. */
  readonly usual: TogetherMeasure;
  /** From the first sample of somebody who cuts in. */
  readonly ducked: readonly number[];
  /** From the moment at which it is certain. */
  readonly stopped: readonly number[];
  /** From the last sample of a "네". */
  readonly restored: readonly number[];
  /** From the token that ends "네." to the voice that gets it. */
  readonly firstClause: readonly number[];
}

const REPLY = [
  '네',
  '. ',
  '안내 ',
  '데스크는 ',
  '1층 ',
  '정문 ',
  '오른쪽에 ',
  '있습니다',
  '. ',
  '더 ',
  '도와드릴까요',
  '?',
];
const SPEECH_LEVEL = 0.2;
const FRAME_SAMPLES = 320;
const FRAME_MS = 20;
const VOICE_RATE = 24_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const infoOf = (id: string): ProviderInfo => ({
  id,
  name: id,
  cost: 'free',
  local: true,
  standIn: true,
  languages: [],
  needs: '',
});
const available = () => ({ available: true }) as const;

/** Ears that hear what they are told, at once. */
class Ears implements SpeechToText {
  readonly kind = 'stt';
  readonly info = infoOf('bench_ears');
  readonly availability = available;
  /** What is said next. */
  text = '';
  finalAt = 0;
  #partials: BoundedQueue<string> | undefined;

  transcribe() {
    return Promise.resolve(this.#heard());
  }
  hearing(partial: string): void {
    this.#partials?.tryPush(partial);
  }
  openStream(): HearingStream {
    const partials = new BoundedQueue<string>(64);
    this.#partials = partials;
    return {
      push: () => {},
      partials,
      finish: () => {
        partials.close();
        this.finalAt = performance.now();
        return Promise.resolve(this.#heard());
      },
      close: () => partials.close(),
    };
  }
  #heard() {
    return { text: this.text, language: 'ko', confidence: 1, provider: this.info.id };
  }
}

class Voice implements TextToSpeech {
  readonly kind = 'tts';
  readonly info = infoOf('bench_voice');
  readonly revision = '1';
  readonly availability = available;
  readonly #firstMs: number;
  readonly #soundMs: number;
  /** When it was asked for the first sentence of the last reply. */
  askedAt = 0;

  constructor({ firstMs = 0, soundMs = 20 }) {
    this.#firstMs = firstMs;
    this.#soundMs = soundMs;
  }
  voices() {
    return [{ id: 'one', name: 'One', languages: [] }];
  }
  async *synthesize() {
    this.askedAt ||= performance.now();
    if (this.#firstMs > 0) await pause(this.#firstMs);
    for (let sent = 0; sent < this.#soundMs; sent += FRAME_MS)
      yield {
        type: 'audio',
        samples: new Int16Array((VOICE_RATE * FRAME_MS) / 1000),
        sampleRate: VOICE_RATE,
      } as const;
  }
}

interface Bench {
  readonly conversation: Conversation;
  readonly ears: Ears;
  readonly voice: Voice;
  readonly tokens: { periodAt: number };
  /** Called with each message's type, and `sound` for each piece of a reply. */
  readonly on: Set<(what: string, at: number) => void>;
}

interface BenchOptions {
  readonly firstMs?: number;
  readonly voiceMs?: number;
  readonly soundMs?: number;
  readonly tokenMs?: number;
  readonly vad?: VoiceActivityDetector;
}

function open({
  firstMs = 0,
  voiceMs = 0,
  soundMs = 20,
  tokenMs = 0,
  vad = new LevelDetector(),
}: BenchOptions): Bench {
  const ears = new Ears();
  const voice = new Voice({ firstMs: voiceMs, soundMs });
  const tokens = { periodAt: 0 };
  const dialogue: Dialogue = {
    mind: 'bench',
    async *respond() {
      if (firstMs > 0) await pause(firstMs);
      for (const text of REPLY) {
        if (tokenMs > 0) await pause(tokenMs);
        if (text.startsWith('.')) tokens.periodAt ||= performance.now();
        yield { type: 'text-delta', text };
      }
    },
  };
  let turns = 0;
  const tell = (what: string) => {
    const at = performance.now();
    for (const listener of bench.on) listener(what, at);
  };
  const bench: Bench = {
    ears,
    voice,
    tokens,
    on: new Set(),
    conversation: createConversation({
      sessionId: 'ses_bench',
      language: 'ko',
      talk: { experience: 'bench', dialogue, mayBeginEarly: false, keep: () => Promise.resolve() },
      ports: {
        ears,
        voice,
        vad,
        clock: systemClock,
        timers: systemTimers,
        newTurnId: () => `trn_${++turns}`,
      },
      output: {
        send: ({ type, data }) => {
          if (type === 'audio_end') bench.conversation.played(data.audio_id, data.duration_ms);
          tell(type);
        },
        audio: () => tell('sound'),
        room: () => Promise.resolve(),
      },
      state: null,
      history: [],
    }),
  };
  bench.conversation.open({ handsFree: true, speechRate: 1 });
  return bench;
}

/** The next of `what`. */
function next(bench: Bench, what: string, limitMs = 8_000): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = (type: string, at: number) => {
      if (type !== what) return;
      clearTimeout(late);
      bench.on.delete(listener);
      resolve(at);
    };
    const late = setTimeout(() => reject(new Error(`No ${what} within ${limitMs} ms.`)), limitMs);
    bench.on.add(listener);
  });
}

const room = new Float32Array(FRAME_SAMPLES).map((_, index) => Math.sin(index * 1.7) * 0.003);
const loud = new Float32Array(FRAME_SAMPLES).map((_, index) => Math.sin(index * 0.31) * SPEECH_LEVEL);

/** Microphones that feed frames in real time, and people who speak into them for a while. */
function microphones(all: readonly Bench[]) {
  const speaking = new Map<Bench, number>();
  const startedAt = performance.now();
  let fed = 0;
  const feed = setInterval(() => {
    while (performance.now() >= startedAt + fed * FRAME_MS) {
      fed++;
      for (const bench of all) {
        const left = speaking.get(bench) ?? 0;
        bench.conversation.hear(left > 0 ? loud : room);
        if (left > 0) speaking.set(bench, left - 1);
      }
    }
  }, 5);
  return {
    speak: (bench: Bench, ms: number) => void speaking.set(bench, Math.round(ms / FRAME_MS)),
    close: () => clearInterval(feed),
  };
}

async function turn(bench: Bench, speak: (bench: Bench, ms: number) => void, index: number): Promise<number> {
  bench.ears.text = `안내 데스크 위치 알려 주세요 ${index}`;
  bench.voice.askedAt = 0;
  bench.tokens.periodAt = 0;
  const first = next(bench, 'sound');
  const done = next(bench, 'reply_done');
  speak(bench, 400);
  await pause(250);
  bench.ears.hearing(bench.ears.text);
  const at = await first;
  await done;
  while (bench.conversation.isBusy) await pause(5);
  return at - bench.ears.finalAt;
}

async function alone(turns: number): Promise<{ readonly added: number[]; readonly firstClause: number[] }> {
  const bench = open({});
  const { speak, close } = microphones([bench]);
  const added: number[] = [];
  for (let index = -5; index < turns; index++) {
    const ms = await turn(bench, speak, index);
    if (index >= 0) added.push(ms);
  }
  close();
  await bench.conversation.close();
  const slow = open({ tokenMs: 20 });
  const slowMicrophone = microphones([slow]);
  const firstClause: number[] = [];
  for (let index = 0; index < Math.min(10, turns); index++) {
    await turn(slow, slowMicrophone.speak, index);
    firstClause.push(slow.voice.askedAt - slow.tokens.periodAt);
  }
  slowMicrophone.close();
  await slow.conversation.close();
  return { added, firstClause };
}

async function together(
  { sessions, turnsEach }: TalkTask,
  options: { readonly firstMs: number; readonly voiceMs: number },
): Promise<TogetherMeasure> {
  const rssBefore = process.memoryUsage().rss;
  const all = Array.from({ length: sessions }, () => open(options));
  const { speak, close } = microphones(all);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const measured: number[] = [];
  await Promise.all(
    all.map(async (bench, index) => {
      await pause((index * 500) / sessions);
      for (let count = 0; count < turnsEach; count++) {
        measured.push((await turn(bench, speak, count)) - options.firstMs - options.voiceMs);
        await pause(300);
      }
    }),
  );
  close();
  const used = process.cpuUsage(cpu);
  const cores = (used.user + used.system) / 1000 / (performance.now() - startedAt);
  const megabytesEach = (process.memoryUsage().rss - rssBefore) / 1e6 / sessions;
  await Promise.all(all.map(({ conversation }) => conversation.close()));
  return { measured, cores, megabytesEach };
}

/** Somebody cuts in with words, or says "네", while the server speaks; with the real detector of speech. */
async function interruptions({ speechFile, interruptions: count }: TalkTask) {
  if (count === 0) return { ducked: [], stopped: [], restored: [] };
  const vad = openVad({ log: silentLogger, clock: systemClock });
  await vad.preload(new AbortController().signal);
  const bytes = readFileSync(speechFile);
  const speech = Float32Array.from(
    new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1),
    (s) => s / 32_768,
  );
  const bench = open({ soundMs: 8_000, vad: vad.detector });
  let waiting: Float32Array[] = [];
  const startedAt = performance.now();
  let fed = 0;
  let beganAt = 0;
  let endedAt = 0;
  const feed = setInterval(() => {
    while (performance.now() >= startedAt + fed * FRAME_MS) {
      fed++;
      const piece = waiting.shift();
      if (piece !== undefined) {
        beganAt ||= performance.now();
        endedAt = performance.now();
      }
      bench.conversation.hear(piece ?? room);
    }
  }, 5);
  const say = (ms: number) => {
    beganAt = 0;
    waiting = Array.from({ length: Math.round(ms / FRAME_MS) }, (_, index) =>
      speech.slice(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES),
    );
  };
  const ducked: number[] = [];
  const stopped: number[] = [];
  const restored: number[] = [];
  const beginReply = async () => {
    const first = next(bench, 'sound');
    bench.conversation.type('안내 데스크 알려 주세요');
    await first;
    await pause(1_000);
  };
  for (let index = 0; index < count; index++) {
    await beginReply();
    bench.ears.text = '잠깐만요 다른 거요';
    let duck = next(bench, 'duck');
    const stop = next(bench, 'interrupted');
    say(1_200);
    ducked.push((await duck) - beganAt);
    await pause(250);
    const certainAt = performance.now();
    bench.ears.hearing('잠깐만요');
    stopped.push((await stop) - certainAt);
    await pause(2_500);
    await beginReply();
    bench.ears.text = '네';
    duck = next(bench, 'duck');
    const restore = next(bench, 'restore');
    say(320);
    await duck;
    bench.ears.hearing('네');
    restored.push((await restore) - endedAt);
    await pause(1_000);
  }
  clearInterval(feed);
  await bench.conversation.close();
  await vad.close();
  return { ducked, stopped, restored };
}

/** Conversations over providers that answer at once. */
export async function talk(task: TalkTask): Promise<TalkMeasure> {
  const { added, firstClause } = await alone(task.turns);
  return {
    alone: added,
    firstClause,
    instant: await together(task, { firstMs: 0, voiceMs: 0 }),
    usual: await together(task, { firstMs: 200, voiceMs: 100 }),
    ...(await interruptions(task)),
  };
}
