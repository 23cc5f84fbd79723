import type { ServerMessage } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import type { SpeechToText, Transcription } from '../providers/spec/stt.ts';
import type { MicrophoneUse } from './conversation.ts';
import { createEndpointing } from './endpointing.ts';
import { createFinishingLine, type FinishingLine } from './finishing-line.ts';
import { DUCK_DECIBELS, judgeOverlap } from './interruption.ts';
import { createEchoGuard } from './listening/echo-guard.ts';
import { MICROPHONE_RATE, type VoiceFrame } from './listening/voice-frame.ts';
import { createVoiceMeter, type VoiceMeter } from './listening/voice-meter.ts';
import type { ConversationPorts } from './ports.ts';
import { beginSpeaking, takeFrame, type PersonSpeaking } from './person-speaking.ts';
import type { Playout } from './speaking/playout.ts';
import { createSpeechTracker, type SpeechStep } from './speech-tracker.ts';
import type { HeardBy } from './turn-course.ts';
import { openUtterance, type WordsSoFar } from './utterance.ts';
import { kindOf, type UtteranceKind } from './utterance-kind.ts';

/** One utterance, heard to its end. */
export interface HeardUtterance {
  readonly turnId: string;
  readonly kind: UtteranceKind;
  readonly text: string;
  readonly language: string;
  readonly confidence: number | null;
  readonly heardBy: HeardBy;
  /** When the last speech came, on the clock's monotonic time. */
  readonly endedAtMs: number;
  /** When the silence had lasted long enough. */
  readonly endpointAtMs: number;
  /** True when nobody could hear; the person should be told. */
  readonly failed: boolean;
}

/** What the listener tells the conversation. */
export interface ListenerEvents {
  /** Somebody wants the floor; not certain while the words are unknown. */
  cutIn(isCertain: boolean): void;
  /**
   * The person goes on with what seemed finished, before much of the answer could be heard: gives the words so far back and drops
   * their answer. Null when there is nothing to take back.
   *
   * @param beganAtMs When they went on, on the clock's monotonic time.
   */
  takeBack(beganAtMs: number): string | null;
  /** A pause after words that sound finished; they may still change. */
  pause(words: string, endedAtMs: number): void;
  /** The pause was none. */
  goOn(): void;
  heard(utterance: HeardUtterance): void;
}

export interface ListenerOptions {
  readonly ports: Pick<
    ConversationPorts,
    'ears' | 'vad' | 'turnEnds' | 'clock' | 'timers' | 'newTurnId' | 'onTrouble'
  >;
  /** BCP 47; asked anew for each utterance. */
  readonly language: () => string;
  readonly playout: Pick<Playout, 'isSounding' | 'said'>;
  readonly send: (message: ServerMessage) => void;
  readonly on: ListenerEvents;
}

/** An open microphone: finds who speaks, when they have finished, and what they said. */
export interface Listener {
  readonly isHearing: boolean;
  open(use: Pick<MicrophoneUse, 'handsFree' | 'isEchoCancelled'>): void;
  /** Mono at 16,000 Hz. */
  hear(samples: Float32Array): void;
  endSpeech(): void;
  /** Forgets what is being said. */
  drop(): void;
  /** What the loudspeaker is about to play. */
  sent(samples: Int16Array, sampleRate: number, playsAtMs: number): void;
  /** The loudspeaker was told to stop. */
  stopped(): void;
  close(): void;
}

/** Frames kept from before the first speech, so that no first syllable is lost. */
const PRE_ROLL_FRAMES = 10;
/** The same of the loudspeaker's sound, or its words would be heard as the person's. */
const PRE_ROLL_IN_ECHO_FRAMES = 2;
const MAX_UTTERANCE_MS = 60_000;
/** A held button shorter than this was a slip. */
const SHORTEST_PUSH_MS = 100;
/** A pause after which words that sound finished may be answered, to be thrown away if they were not. */
const EARLY_PAUSE_MS = 96;
/** One frame in so many that the loudspeaker explains makes the words suspect. */
const ECHO_SHARE = 4;
/** So much of the server's own sound teaches the echo guard the place. */
const LEARNING_MS = 3_000;
/** Who speaks so shortly before the end of what is being said answers it. */
const ANSWER_WITHIN_MS = 1_000;

/** Opens the ears of one conversation. */
export function openListener(options: ListenerOptions, signal: AbortSignal): Listener {
  return new OpenListener(options, signal);
}

class OpenListener implements Listener {
  readonly #options: ListenerOptions;
  readonly #signal: AbortSignal;
  readonly #line: FinishingLine;
  #guard = createEchoGuard();
  #isEchoCancelled = false;
  readonly #tracker = createSpeechTracker();
  readonly #endpointing = createEndpointing();
  #meter: VoiceMeter | undefined;
  #handsFree: boolean | undefined;
  #speaking: PersonSpeaking | undefined;
  #preRoll: Float32Array[] = [];
  #isDucked = false;
  #soundEndsAtMs = 0;
  #sentMs = 0;

  constructor(options: ListenerOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    const { timers, onTrouble } = options.ports;
    this.#line = createFinishingLine({ timers, onTrouble }, signal);
  }

  get isHearing() {
    return this.#speaking !== undefined || this.#line.length > 0;
  }

  open({ handsFree, isEchoCancelled = false }: Pick<MicrophoneUse, 'handsFree' | 'isEchoCancelled'>): void {
    if (this.#isEchoCancelled !== isEchoCancelled) {
      this.#isEchoCancelled = isEchoCancelled;
      this.#guard = createEchoGuard(isEchoCancelled);
    }
    if (this.#handsFree === handsFree) return;
    const { ports, send } = this.#options;
    this.drop();
    this.#handsFree = handsFree;
    this.#meter?.close();
    this.#meter = undefined;
    if (ports.ears === null) {
      send({
        type: 'error',
        data: { code: 'EARS_UNAVAILABLE', message: this.#say('talk.no_ears'), fatal: false },
      });
    } else if (handsFree) {
      const onTrouble = (error: unknown) => ports.onTrouble?.(error);
      const onFrame = (frame: VoiceFrame) => this.#onFrame(frame);
      this.#meter = createVoiceMeter({ detector: ports.vad, onFrame, onTrouble }, this.#signal);
      // Loaded by the time of the first pause; where that fails, the first question tells.
      ports.turnEnds?.preload?.(this.#signal).catch(() => {});
    }
  }

  hear(samples: Float32Array): void {
    const { ears } = this.#options.ports;
    if (this.#handsFree === undefined || ears === null) return;
    if (this.#handsFree) return this.#meter?.push(samples);
    // Who holds the button wants the floor.
    let speaking = this.#speaking;
    if (speaking === undefined) {
      speaking = this.#begin(ears);
      if (this.#options.playout.isSounding) this.#cutIn(speaking, true);
    }
    speaking.soundMs += (samples.length / MICROPHONE_RATE) * 1000;
    speaking.speechMs = speaking.soundMs;
    if (speaking.soundMs > MAX_UTTERANCE_MS) return this.endSpeech();
    speaking.lastSpeechAtMs = this.#now();
    speaking.utterance.push(samples);
  }

  endSpeech(): void {
    const speaking = this.#speaking;
    if (speaking === undefined) return;
    if (this.#handsFree === false && speaking.soundMs < SHORTEST_PUSH_MS) return this.drop();
    this.#end(speaking);
  }

  drop(): void {
    this.#speaking?.utterance.close();
    this.#speaking = undefined;
    this.#tracker.reset();
    this.#restore();
  }

  sent(samples: Int16Array, sampleRate: number, playsAtMs: number): void {
    this.#guard.sent(samples, sampleRate, playsAtMs);
    const lengthMs = (samples.length / sampleRate) * 1000;
    this.#sentMs += lengthMs;
    this.#soundEndsAtMs = playsAtMs + lengthMs;
  }

  stopped(): void {
    this.#guard.stopped(this.#now());
    this.#soundEndsAtMs = 0;
  }

  close(): void {
    this.#speaking?.utterance.close();
    this.#speaking = undefined;
    this.#meter?.close();
    this.#meter = undefined;
    this.#handsFree = undefined;
  }

  #onFrame(frame: VoiceFrame): void {
    const { ears } = this.#options.ports;
    if (ears === null || this.#handsFree !== true) return;
    const now = this.#now();
    const nearness = this.#guard.judge(frame, now);
    const step = this.#tracker.push(frame.isSpeech && nearness === 'near');
    if (step.change === 'dropped') {
      this.#keepPreRoll(frame.samples, nearness === 'echo');
      // Too short for the detector, and yet the ears heard words in it.
      const short = this.#speaking;
      return short === undefined || short.utterance.words.text === '' ? this.drop() : this.#end(short);
    }
    if (step.phase === 'idle') {
      this.#keepPreRoll(frame.samples, nearness === 'echo');
      return this.#restore();
    }
    const speaking = this.#speaking ?? this.#begin(ears);
    takeFrame(speaking, { frame, nearness, step, nowMs: now });
    this.#follow(speaking, step, frame.endMs);
  }

  #follow(speaking: PersonSpeaking, step: SpeechStep, endMs: number): void {
    const { send, on } = this.#options;
    if (step.change === 'confirmed') {
      send({ type: 'speech_started', data: { at_ms: Math.max(0, Math.round(endMs - step.speechMs)) } });
      speaking.isConfirmed = true;
      if (!this.#options.playout.isSounding) this.#takeBack(speaking);
    }
    if (step.change === 'resumed') {
      this.#endpointing.learnPause(step.pauseMs);
      speaking.utterance.goOn();
      on.goOn();
    }
    this.#overlap(speaking, step);
    if (this.#speaking !== speaking || step.phase !== 'speech') return;
    const { utterance } = speaking;
    if (speaking.soundMs >= MAX_UTTERANCE_MS) return this.#end(speaking);
    if (step.silentMs === 0) return;
    const isAnswered = speaking.said === null || speaking.hasCutIn;
    const turnEnd = utterance.turnEnd(step.silentMs);
    const { text } = utterance.words;
    if (step.silentMs >= EARLY_PAUSE_MS && turnEnd === 'complete' && text !== '' && isAnswered)
      on.pause(joined(speaking.before, text), speaking.lastSpeechAtMs);
    if (step.silentMs >= this.#endpointing.patienceMs(turnEnd)) this.#end(speaking);
  }

  /** Duck at the first sound, then stop or restore. */
  #overlap(
    speaking: PersonSpeaking,
    { speechMs, silentMs }: Pick<SpeechStep, 'speechMs' | 'silentMs'>,
  ): void {
    const { playout, send } = this.#options;
    if (!playout.isSounding || speaking.hasCutIn) return this.#restore();
    if (speaking.said === null) {
      speaking.isAnswer = this.#soundEndsAtMs - this.#now() <= ANSWER_WITHIN_MS;
      send({ type: 'duck', data: { decibels: DUCK_DECIBELS } });
      this.#guard.turned(true, this.#now());
      this.#isDucked = true;
    }
    speaking.said = playout.said();
    const verdict = speaking.utterance.interjection;
    const decision = judgeOverlap({ speechMs, silentMs, verdict });
    if (decision === 'stop') {
      // Who goes on in the moment in which the answer begins has not been cut in on by themselves.
      if (verdict === 'words' && this.#takeBack(speaking)) {
        speaking.hasCutIn = true;
        speaking.said = null;
        return this.#restore();
      }
      this.#cutIn(speaking, verdict !== 'none');
    } else if (decision === 'restore') this.#restore();
  }

  #onWords(speaking: PersonSpeaking, { text, stable }: WordsSoFar): void {
    if (this.#speaking !== speaking) return;
    const { before } = speaking;
    this.#options.send({
      type: 'transcript_partial',
      data: { text: joined(before, text), stable: joined(before, stable) },
    });
    // Words need no further frame to be understood.
    if (this.#handsFree === true && speaking.said !== null)
      this.#overlap(speaking, { speechMs: speaking.speechMs, silentMs: 0 });
  }

  #cutIn(speaking: PersonSpeaking, isCertain: boolean): void {
    speaking.hasCutIn = true;
    this.#restore();
    this.#options.on.cutIn(isCertain);
  }

  #restore(): void {
    if (!this.#isDucked) return;
    this.#isDucked = false;
    this.#guard.turned(false, this.#now());
    this.#options.send({ type: 'restore', data: {} });
  }

  #begin(ears: SpeechToText): PersonSpeaking {
    const { ports } = this.#options;
    const language = this.#options.language();
    const { clock, timers, onTrouble } = ports;
    const onWords = (words: WordsSoFar) => this.#onWords(speaking, words);
    // Who holds a button says the end with it.
    const turnEnds = (this.#handsFree === true ? ports.turnEnds : undefined) ?? null;
    const utterance = openUtterance(
      { ears, language, clock, timers, turnEnds, onTrouble, onWords },
      this.#signal,
    );
    for (const samples of this.#preRoll) utterance.push(samples);
    this.#preRoll = [];
    const speaking = beginSpeaking(ports.newTurnId(), utterance, this.#now());
    this.#speaking = speaking;
    return speaking;
  }

  #takeBack(speaking: PersonSpeaking): boolean {
    const words = this.#options.on.takeBack(speaking.beganAtMs);
    if (words === null) return false;
    this.#endpointing.learnCutOff();
    speaking.before = joined(speaking.before, words);
    return true;
  }

  #end(speaking: PersonSpeaking): void {
    const { send } = this.#options;
    this.#speaking = undefined;
    this.#tracker.reset();
    if (this.#handsFree === true) {
      const { lastSpeechEndMs, speechMs } = speaking;
      send({ type: 'speech_stopped', data: { at_ms: lastSpeechEndMs, duration_ms: speechMs } });
    }
    const endpointAtMs = this.#now();
    this.#line.finish(speaking.utterance, (heard) => this.#tell(speaking, heard, endpointAtMs));
  }

  #tell(speaking: PersonSpeaking, heard: Transcription | null, endpointAtMs: number): void {
    const { on } = this.#options;
    const language = this.#options.language();
    const { turnId, said, isAnswer, before, lastSpeechAtMs: endedAtMs, speechMs } = speaking;
    const text = heard?.text ?? '';
    const next = this.#speaking;
    if (next?.isConfirmed === true && text !== '' && said === null) {
      // The person is already going on: one thought, heard in two pieces.
      next.before = joined(joined(before, text), next.before);
      return;
    }
    // Who says again what they just heard is no echo: the words alone do not tell.
    const isUnsure = this.#sentMs < LEARNING_MS || speaking.echoFrames * ECHO_SHARE > speaking.nearFrames;
    const overlap = { said, isAnswer, mayBeEcho: isUnsure, isShort: !speaking.isConfirmed };
    const kind = before === '' ? kindOf(text, language, overlap) : 'words';
    on.heard({
      turnId,
      kind,
      text: joined(before, text),
      language: heard === null || heard.language === 'und' ? language : heard.language,
      confidence: heard?.confidence ?? null,
      heardBy: { provider: heard?.provider ?? null, skipped: heard?.skipped ?? [], speechMs },
      endedAtMs,
      endpointAtMs,
      failed: heard === null,
    });
  }

  #keepPreRoll(samples: Float32Array, isEcho: boolean): void {
    this.#preRoll.push(samples);
    const most = isEcho ? PRE_ROLL_IN_ECHO_FRAMES : PRE_ROLL_FRAMES;
    while (this.#preRoll.length > most) this.#preRoll.shift();
  }

  #now(): number {
    return this.#options.ports.clock.monotonicMs();
  }

  #say(key: 'talk.no_ears'): string {
    return formatMessage(this.#options.language() === 'en' ? 'en' : 'ko', key);
  }
}

function joined(before: string, text: string): string {
  return before === '' || text === '' ? before + text : `${before} ${text}`;
}
