import { getEventListeners } from 'node:events';

import { createManualClock, type ManualClock } from '../../fake/manual-clock.ts';
import { ProviderError } from '../../spec/provider.ts';
import { createLanguageModelChain, type LanguageModelChain } from '../language-model-chain.ts';
import type { Takeover } from '../members.ts';
import { createSpeechToTextChain } from '../speech-to-text-chain.ts';
import { createTextToSpeechChain, type TextToSpeechChain } from '../text-to-speech-chain.ts';
import { createRandom } from './chance.ts';
import { createListener, type Account } from './listener.ts';
import { drawText } from './numbered-text.ts';
import { SimulatedEars } from './simulated-ears.ts';
import { drawFault, type Fault } from './simulated-fault.ts';
import { ANSWER_PIECES, SimulatedMind } from './simulated-mind.ts';
import { SimulatedVoice } from './simulated-voice.ts';

export interface FaultRunOptions {
  readonly faults: number;
  readonly seed: number;
}

export interface FaultRunResult {
  readonly turns: number;
  readonly faults: number;
  readonly faultsByKind: Readonly<Record<string, number>>;
  readonly takeovers: number;
  /** What must not happen, in words; the first few. */
  readonly wrongs: readonly string[];
  /** Words that two voices said whole. */
  readonly saidTwice: Account['saidTwice'];
  /** Of every turn with a fault, the longest silence that its listener heard, in milliseconds, in order of size. */
  readonly gapsMs: readonly number[];
  /** The same for the time that ears took. */
  readonly hearingMs: readonly number[];
  /** The same for the time until the first text of a mind. */
  readonly thinkingMs: readonly number[];
  /** Answers that ended in an error after their first text, and said so. */
  readonly brokenAnswers: number;
  /** Timers and listeners that were left at the end. */
  readonly left: number;
  /** Every turn in a line, to compare two runs. */
  readonly log: readonly string[];
}

const SESSIONS = 4;
const ANSWER_MS = 50;
/** How often the first and the second provider fail; the third is the built-in one. */
const FAULT_RATES = [0.35, 0.08, 0];
const OUTAGE_RATE = 0.005;
const OUTAGE_MS = 45_000;
const KEPT_WRONGS = 10;

/**
 * People talk to a chain of ears, one of minds and one of voices, several at a time, until their providers have failed so many
 * times in every way they can. Time is a clock of its own, and chance comes from `seed`: the same seed gives the same run.
 */
export async function runFaults({ faults: wanted, seed }: FaultRunOptions): Promise<FaultRunResult> {
  const clock = createManualClock();
  const random = createRandom(seed);
  const faultsByKind: Record<string, number> = {};
  const takeovers: Takeover[] = [];
  const wrongs: string[] = [];
  const gapsMs: number[] = [];
  const hearingMs: number[] = [];
  const thinkingMs: number[] = [];
  const log: string[] = [];
  const signals: AbortSignal[] = [];
  let faults = 0;
  let turns = 0;
  let brokenAnswers = 0;
  const saidTwice = { withTimes: 0, without: 0 };

  const faultsOf = (rate: number) => {
    let outage: { readonly fault: Fault; readonly until: number } | undefined;
    return (): Fault | undefined => {
      if (outage !== undefined && clock.monotonicMs() >= outage.until) outage = undefined;
      const drawn = drawFault(random);
      if (outage === undefined && rate > 0 && random() < OUTAGE_RATE) {
        outage = { fault: drawn, until: clock.monotonicMs() + OUTAGE_MS };
      }
      const fault = outage?.fault ?? (random() < rate ? drawn : undefined);
      if (fault === undefined) return undefined;
      faults += 1;
      faultsByKind[fault.kind] = (faultsByKind[fault.kind] ?? 0) + 1;
      return fault;
    };
  };
  const about = (kind: string, place: number) => ({
    id: `${kind}_${place}`,
    clock,
    answerMs: ANSWER_MS,
    nextFault: faultsOf(FAULT_RATES[place]!),
  });
  const voices = FAULT_RATES.map(
    (_, place) =>
      new SimulatedVoice({
        ...about('voice', place),
        number: place + 1,
        slowness: 0.9 + place * 0.1,
        givesTimes: place !== 1,
      }),
  );
  const options = { clock, timers: clock, onTakeover: (takeover: Takeover) => takeovers.push(takeover) };
  const ears = createSpeechToTextChain(
    FAULT_RATES.map((_, place) => new SimulatedEars(about('ears', place))),
    options,
  );
  const mind = createLanguageModelChain(
    FAULT_RATES.map((_, place) => new SimulatedMind(about('mind', place))),
    options,
  );
  const voice = createTextToSpeechChain(voices, options);

  const isEnough = () => faults >= wanted;

  async function talk(session: number): Promise<void> {
    while (!isEnough()) {
      await clock.sleep(5_000 + random() * 20_000, quiet());
      const turn = turns++;
      const signal = quiet();
      signals.push(signal);
      try {
        log.push(`${turn} ${session} ${await takeTurn(turn, signal)}`);
      } catch (error) {
        wrongs.push(`turn ${turn} was lost: ${String(error)}`);
      }
    }
  }

  async function takeTurn(turn: number, signal: AbortSignal): Promise<string> {
    const askedMs = clock.monotonicMs();
    const samples = new Float32Array(16_000 * (1 + Math.floor(random() * 3)));
    const heard = await ears.transcribe({ samples, language: null }, signal);
    if (heard.text !== `${samples.length}`) wrongs.push(`turn ${turn} heard ${heard.text}`);
    const tookMs = clock.monotonicMs() - askedMs;
    if (heard.skipped !== undefined) hearingMs.push(tookMs);
    const thought = await think(mind, clock, signal);
    for (const wrong of thought.wrongs) wrongs.push(`turn ${turn}: ${wrong}`);
    if (thought.hadFault) thinkingMs.push(thought.firstTextMs);
    if (!thought.isWhole) brokenAnswers += 1;
    const account = await listen(voice, voices, clock, drawText(random), signal);
    for (const wrong of account.wrongs) wrongs.push(`turn ${turn}: ${wrong}`);
    saidTwice.withTimes += account.saidTwice.withTimes;
    saidTwice.without += account.saidTwice.without;
    if (account.hadFault) gapsMs.push(account.longestGapMs);
    return [tookMs, heard.provider, thought.mind, account.longestGapMs, ...account.speakers].join(' ');
  }

  let isOver = false;
  const talking = Promise.all(Array.from({ length: SESSIONS }, (_, session) => talk(session))).finally(
    () => (isOver = true),
  );
  const hasEnded = () => isOver;
  while (!hasEnded()) {
    await new Promise(setImmediate);
    const nextInMs = clock.nextInMs;
    if (nextInMs !== undefined) clock.advance(nextInMs);
  }
  await talking;
  const byValue = (one: number, other: number) => one - other;
  return {
    turns,
    faults,
    faultsByKind,
    takeovers: takeovers.length,
    wrongs: wrongs.slice(0, KEPT_WRONGS),
    saidTwice,
    gapsMs: gapsMs.sort(byValue),
    hearingMs: hearingMs.sort(byValue),
    thinkingMs: thinkingMs.sort(byValue),
    brokenAnswers,
    left:
      clock.sleepers + signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0),
    log,
  };
}

/** Reads one answer. @throws what the chain throws before the first text: then the turn is lost. */
async function think(chain: LanguageModelChain, clock: ManualClock, signal: AbortSignal) {
  const askedMs = clock.monotonicMs();
  const wrongs: string[] = [];
  const texts: string[] = [];
  let mind: string | undefined;
  let hadFault = false;
  let firstTextMs = 0;
  let isWhole = false;
  try {
    for await (const chunk of chain.chat({ messages: [{ role: 'user', content: '네?' }] }, signal)) {
      if (chunk.type === 'source') {
        if (mind !== undefined) wrongs.push(`${chunk.provider} went on with what ${mind} had begun`);
        mind = chunk.provider;
        hadFault = chunk.skipped.length > 0;
        firstTextMs = clock.monotonicMs() - askedMs;
      } else if (chunk.type === 'text-delta') texts.push(chunk.text);
      else isWhole = true;
    }
  } catch (error) {
    if (texts.length === 0 || !(error instanceof ProviderError)) throw error;
    hadFault = true;
  }
  const expected = Array.from(
    { length: isWhole ? ANSWER_PIECES : texts.length },
    (_, at) => `${mind}:${at} `,
  );
  if (texts.join('') !== expected.join('')) wrongs.push(`an answer of ${mind}: ${texts.join('')}`);
  return { wrongs, mind, isWhole, hadFault, firstTextMs };
}

async function listen(
  chain: TextToSpeechChain,
  voices: readonly SimulatedVoice[],
  clock: ManualClock,
  text: string,
  signal: AbortSignal,
) {
  const listener = createListener({ voices, clock, text });
  for await (const chunk of chain.synthesize({ text, language: 'ko' }, signal)) listener.hear(chunk);
  return listener.account();
}

function quiet(): AbortSignal {
  return new AbortController().signal;
}
