// LiveKit Agents JS without a room: what its session adds to the same instant providers. Prints one JSON object. Started by
// `bench/cases/talk.ts` after `npm ci` in this folder.
import { readFileSync } from 'node:fs';
import { AudioFrame } from '@livekit/rtc-node';
import { initializeLogger, llm, stt, tts, voice } from '@livekit/agents';

initializeLogger({ pretty: false, level: 'silent' });

/** @type {{ turns: number, sessions: number, turnsEach: number, speechFile: string, interruptions: number }} */
const task = JSON.parse(process.argv[2] ?? '{}');
const IN_RATE = 16_000;
const OUT_RATE = 24_000;
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

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
const frame = (/** @type {Int16Array} */ samples, /** @type {number} */ rate) =>
  new AudioFrame(samples, rate, 1, samples.length);
const silence = (/** @type {number} */ ms, /** @type {number} */ rate) =>
  frame(new Int16Array((ms * rate) / 1000), rate);

class Ears extends stt.STT {
  label = 'bench.Ears';
  constructor() {
    super({ streaming: true, interimResults: true });
  }
  async _recognize() {
    throw new Error('These ears stream only.');
  }
  stream() {
    return (this.open = new EarsStream(this, IN_RATE));
  }
}
class EarsStream extends stt.SpeechStream {
  label = 'bench.EarsStream';
  async run() {
    for await (const _ of this.input);
  }
  #tell(type, text) {
    const alternative = { language: 'ko', text, startTime: 0, endTime: 0, confidence: 1 };
    this.queue.put(text === undefined ? { type } : { type, alternatives: [alternative] });
  }
  begin() {
    this.#tell(stt.SpeechEventType.START_OF_SPEECH);
  }
  interim(text) {
    this.#tell(stt.SpeechEventType.INTERIM_TRANSCRIPT, text);
  }
  final(text) {
    this.#tell(stt.SpeechEventType.FINAL_TRANSCRIPT, text);
    this.#tell(stt.SpeechEventType.END_OF_SPEECH, text);
  }
}

class Mind extends llm.LLM {
  constructor(firstMs) {
    super();
    this.firstMs = firstMs;
  }
  label() {
    return 'bench.Mind';
  }
  chat({ chatCtx, toolCtx, connOptions = { maxRetry: 0, timeoutMs: 10_000, retryIntervalMs: 0 } }) {
    return new MindStream(this, { chatCtx, toolCtx, connOptions });
  }
}
class MindStream extends llm.LLMStream {
  #firstMs;
  constructor(mind, options) {
    super(mind, options);
    this.#firstMs = mind.firstMs;
  }
  async run() {
    if (this.#firstMs > 0) await pause(this.#firstMs);
    for (const content of REPLY) {
      if (this.closed) return;
      this.queue.put({ id: 'reply', delta: { role: 'assistant', content } });
    }
  }
}

class Voice extends tts.TTS {
  label = 'bench.Voice';
  constructor({ firstMs = 0, soundMs = 20 }) {
    super(OUT_RATE, 1, { streaming: true });
    this.firstMs = firstMs;
    this.soundMs = soundMs;
  }
  stream() {
    return new VoiceStream(this);
  }
}
class VoiceStream extends tts.SynthesizeStream {
  label = 'bench.VoiceStream';
  #voice;
  constructor(bench) {
    super(bench);
    this.#voice = bench;
  }
  async run() {
    let isFirst = true;
    for await (const piece of this.input) {
      if (typeof piece !== 'string') continue;
      if (isFirst) {
        isFirst = false;
        this.markStarted();
        if (this.#voice.firstMs > 0) await pause(this.#voice.firstMs);
      }
      this.#put(20);
    }
    if (this.#voice.soundMs > 20) this.#put(this.#voice.soundMs);
    this.queue.put(tts.SynthesizeStream.END_OF_STREAM);
  }
  #put(ms) {
    for (let sent = 0; sent < ms; sent += 20)
      this.queue.put({ requestId: 'reply', segmentId: 'one', frame: silence(20, OUT_RATE), final: false });
  }
}

class Microphone extends voice.AudioInput {
  constructor() {
    super();
    const sound = new ReadableStream({ start: (controller) => void (this.controller = controller) });
    this.multiStream.addInputStream(sound);
  }
  push(samples) {
    this.controller.enqueue(samples);
  }
}

/** Plays at once (`isRealTime` false) or as long as the sound lasts. */
class Speaker extends voice.AudioOutput {
  #isRealTime;
  #queuedMs = 0;
  #startedAt = 0;
  #timer;
  constructor(isRealTime) {
    super(OUT_RATE, undefined, { pause: true });
    this.#isRealTime = isRealTime;
  }
  async captureFrame(sound) {
    await super.captureFrame(sound);
    if (this.#queuedMs === 0) {
      this.#startedAt = performance.now();
      this.onPlaybackStarted(Date.now());
      this.onFirst?.(this.#startedAt);
    }
    this.#queuedMs += (sound.samplesPerChannel / sound.sampleRate) * 1000;
  }
  flush() {
    super.flush();
    if (this.#queuedMs === 0) return;
    const left = this.#isRealTime ? this.#queuedMs - (performance.now() - this.#startedAt) : 0;
    this.#timer = setTimeout(() => this.#over(false), Math.max(0, left));
  }
  clearBuffer() {
    this.onQuiet?.('stop', performance.now());
    this.#over(true);
  }
  pause() {
    this.onQuiet?.('pause', performance.now());
    clearTimeout(this.#timer);
  }
  resume() {}
  #over(interrupted) {
    clearTimeout(this.#timer);
    if (this.#queuedMs === 0) return;
    const playedMs = interrupted
      ? Math.min(performance.now() - this.#startedAt, this.#queuedMs)
      : this.#queuedMs;
    this.#queuedMs = 0;
    this.onPlaybackFinished({ playbackPosition: playedMs / 1000, interrupted });
  }
}

async function open({
  firstMs = 0,
  voiceMs = 0,
  soundMs = 20,
  hasVad = false,
  turnHandling,
  isRealTime = false,
}) {
  const ears = new Ears();
  const microphone = new Microphone();
  const speaker = new Speaker(isRealTime);
  const session = new voice.AgentSession({
    stt: ears,
    llm: new Mind(firstMs),
    tts: new Voice({ firstMs: voiceMs, soundMs }),
    ...(hasVad ? {} : { vad: null }),
    turnHandling,
    aecWarmupDuration: null,
    userAwayTimeout: null,
  });
  session.input.audio = microphone;
  session.output.audio = speaker;
  await session.start({ agent: new voice.Agent({ instructions: 'You are a kiosk.' }), record: false });
  while (ears.open === undefined) await pause(5);
  return { session, ears, microphone, speaker };
}

const AT_ONCE = {
  turnDetection: 'stt',
  endpointing: { minDelay: 0, maxDelay: 0 },
  preemptiveGeneration: { enabled: false },
};

async function turn({ session, ears, microphone, speaker }, index) {
  const text = `안내 데스크 위치 알려 주세요 ${index}`;
  ears.open.begin();
  await pause(2);
  microphone.push(silence(20, IN_RATE));
  const first = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('No sound within 8 s.')), 8_000);
    speaker.onFirst = (at) => {
      clearTimeout(late);
      resolve(at);
    };
  });
  const finalAt = performance.now();
  ears.open.final(text);
  const firstMs = (await first) - finalAt;
  speaker.onFirst = undefined;
  while (session.agentState !== 'listening') await pause(1);
  await pause(5);
  return firstMs;
}

async function alone() {
  const one = await open({ turnHandling: AT_ONCE });
  const measured = [];
  for (let index = -5; index < task.turns; index++) {
    const ms = await turn(one, index);
    if (index >= 0) measured.push(ms);
  }
  await one.session.close();
  return measured;
}

async function together({ firstMs, voiceMs }) {
  const rssBefore = process.memoryUsage().rss;
  const all = [];
  for (let index = 0; index < task.sessions; index++)
    all.push(await open({ firstMs, voiceMs, turnHandling: AT_ONCE }));
  const microphones = setInterval(() => {
    for (const { microphone } of all) microphone.push(silence(20, IN_RATE));
  }, 20);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const measured = [];
  await Promise.all(
    all.map(async (one, index) => {
      await pause((index * 500) / task.sessions);
      for (let count = 0; count < task.turnsEach; count++) {
        measured.push((await turn(one, count)) - firstMs - voiceMs);
        await pause(300);
      }
    }),
  );
  clearInterval(microphones);
  const used = process.cpuUsage(cpu);
  const cores = (used.user + used.system) / 1000 / (performance.now() - startedAt);
  const megabytesEach = (process.memoryUsage().rss - rssBefore) / 1e6 / task.sessions;
  await Promise.all(all.map(({ session }) => session.close()));
  return { measured, cores, megabytesEach };
}

/** Somebody cuts in: from the first sample of speech until the loudspeaker is told to be quiet. */
async function interruptions() {
  const bytes = readFileSync(task.speechFile);
  const speech = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
  const one = await open({
    soundMs: 8_000,
    hasVad: true,
    turnHandling: { turnDetection: 'vad' },
    isRealTime: true,
  });
  const frames = Array.from({ length: Math.floor(speech.length / 320) }, (_, index) =>
    speech.slice(index * 320, index * 320 + 320),
  );
  let waiting = [];
  let onBegin;
  const startedAt = performance.now();
  let pushed = 0;
  const feed = setInterval(() => {
    while (performance.now() >= startedAt + pushed * 20) {
      pushed++;
      const next = waiting.shift();
      if (next !== undefined) onBegin?.();
      onBegin = next === undefined ? onBegin : undefined;
      one.microphone.push(next === undefined ? silence(20, IN_RATE) : frame(next, IN_RATE));
    }
  }, 5);
  const say = () => {
    waiting = [...frames];
    return new Promise((resolve) => {
      onBegin = () => resolve(performance.now());
    });
  };
  const measured = [];
  for (let index = 0; index < task.interruptions; index++) {
    const first = new Promise((resolve) => {
      one.speaker.onFirst = resolve;
    });
    await say();
    await pause(frames.length * 20 + 100);
    one.ears.open.final('안내 데스크 알려 주세요');
    await first;
    await pause(1_000);
    const quiet = new Promise((resolve) => {
      one.speaker.onQuiet = (_kind, at) => resolve(at);
    });
    const beganAt = await say();
    const quietAt = await Promise.race([quiet, pause(4_000).then(() => Number.NaN)]);
    one.speaker.onQuiet = undefined;
    measured.push(quietAt - beganAt);
    one.session.interrupt();
    await pause(3_500);
    one.ears.open.final('잠깐만요');
    await pause(1_000);
    one.session.interrupt();
    await pause(300);
  }
  clearInterval(feed);
  await one.session.close();
  return measured;
}

const result = {
  alone: await alone(),
  instant: await together({ firstMs: 0, voiceMs: 0 }),
  usual: await together({ firstMs: 200, voiceMs: 100 }),
  interruptions: await interruptions(),
};
console.log(JSON.stringify(result));
process.exit(0);
