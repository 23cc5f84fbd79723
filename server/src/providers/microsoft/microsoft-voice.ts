import { randomUUID } from 'node:crypto';

import { createProviderScope, type ProviderCall } from '../spec/provider-scope.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech, VoiceInfo } from '../spec/tts.ts';
import { SocketClosed, speechFailure } from './failures.ts';
import { SPEECH_SAMPLE_RATE, type SoundDecoder } from './sound-decoders.ts';
import type { SpeechSocket } from './speech-socket.ts';
import { listenToTurn, type TurnEvent } from './speech-turn.ts';
import { createSpokenMarks } from './spoken-marks.ts';
import { isVoiceName, localeOf, toSsml, withoutControls, type Speech } from './ssml.ts';
import { cutIntoPieces, type TextPiece } from './text-pieces.ts';

/** Times that a call may wait, in milliseconds. */
export interface SpeechLimits {
  /** Until the connection stands, 5 s. */
  readonly openMs?: number;
  /** Until the server answers a text, 10 s. */
  readonly answerMs?: number;
  /** Between two messages of an answer, 10 s. */
  readonly messageMs?: number;
}

/** In what the services of this protocol differ. */
export interface Dialect {
  readonly info: ProviderInfo;
  /** Changes when this code makes another sound of the same request. */
  readonly version: number;
  /** Its default first. */
  readonly voices: readonly VoiceInfo[];
  /** What to check when it refuses who asks, as a sentence. */
  readonly keyHint: string;
  /** Kind of the sound messages; null when they do not tell. */
  readonly contentType: string | null;
  readonly soundBytesPerSecond: number;
  availability(): Availability;
  openDecoder(): Promise<SoundDecoder>;
  /** A connection that is ready for a turn; `isUsed` when it has served one before. */
  connect(signal: AbortSignal): Promise<{ readonly socket: SpeechSocket; readonly isUsed: boolean }>;
  /** What to send for one turn, in order. `isUsed` as `connect` said. */
  messages(ssml: string, requestId: string, isUsed: boolean): readonly string[];
  /** Takes a connection back after a turn that went well. */
  release(socket: SpeechSocket): void;
  close(): void;
}

const MAX_CHARACTERS = 5_000;
/** The services take 64 KiB a message and make ten minutes of sound; the browser itself cuts at about 4 kB. */
const PIECE_BYTES = 4_000;
/** No voice takes longer for a character, at normal speed. */
const MOST_SECONDS_A_CHARACTER = 1.5;
const LEAST_SECONDS = 30;

/** A voice that speaks Microsoft's protocol. */
export function createMicrosoftVoice(dialect: Dialect, limits: SpeechLimits): TextToSpeech {
  return new MicrosoftVoice(dialect, limits);
}

class MicrosoftVoice implements TextToSpeech {
  readonly kind = 'tts';
  readonly info: ProviderInfo;
  readonly revision: string;
  readonly #dialect: Dialect;
  readonly #limits: SpeechLimits;
  readonly #scope;

  constructor(dialect: Dialect, limits: SpeechLimits) {
    this.info = dialect.info;
    this.revision = `${dialect.info.id}:${dialect.version}:${dialect.voices[0]!.id}`;
    this.#dialect = dialect;
    this.#limits = limits;
    this.#scope = createProviderScope(dialect.info.id);
  }

  voices(): readonly VoiceInfo[] {
    return this.#dialect.voices;
  }

  availability(): Availability {
    return this.#dialect.availability();
  }

  async preload(signal: AbortSignal): Promise<void> {
    const call = this.#scope.enter(signal);
    try {
      (await this.#dialect.openDecoder()).free();
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  async *synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    const call = this.#scope.enter(signal);
    try {
      const availability = this.availability();
      if (!availability.available) {
        throw new ProviderError('unavailable', this.info.id, availability.reason);
      }
      const speech = this.#toSpeech(request);
      const marks = createSpokenMarks();
      let samplesMade = 0;
      const nowMs = () => (samplesMade * 1_000) / SPEECH_SAMPLE_RATE;
      for (const piece of cutIntoPieces(speech.text, PIECE_BYTES)) {
        if (!/[\p{L}\p{N}]/u.test(piece.text)) continue;
        marks.begin(piece, nowMs());
        const decoder = await this.#dialect.openDecoder();
        try {
          for await (const event of this.#turn({ ...speech, text: piece.text }, piece, call)) {
            if (event.type !== 'sound') {
              marks.add(event);
              continue;
            }
            const samples = decoder.push(event.bytes);
            if (samples.length === 0) continue;
            samplesMade += samples.length;
            yield* marks.take(nowMs());
            yield { type: 'audio', samples, sampleRate: SPEECH_SAMPLE_RATE };
          }
          const rest = decoder.flush();
          samplesMade += rest.length;
          yield* marks.finish(nowMs());
          if (rest.length > 0) yield { type: 'audio', samples: rest, sampleRate: SPEECH_SAMPLE_RATE };
        } finally {
          decoder.free();
        }
      }
    } catch (error) {
      throw call.errorFor(this.#explain(error, request));
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#scope.close();
    this.#dialect.close();
    return Promise.resolve();
  }

  /** One piece, spoken on one connection; again on a fresh one where a used one turns out to be dead. */
  async *#turn(
    speech: Speech,
    { text }: TextPiece,
    { signal }: ProviderCall,
  ): AsyncGenerator<TurnEvent, void, void> {
    const { info, contentType, soundBytesPerSecond } = this.#dialect;
    const ssml = toSsml(speech);
    const seconds = Math.max(LEAST_SECONDS, (text.length * MOST_SECONDS_A_CHARACTER) / speech.speed);
    while (true) {
      const { socket, isUsed } = await this.#dialect.connect(signal);
      let hasAnswered = false;
      let isOver = false;
      try {
        const requestId = randomUUID().replaceAll('-', '');
        for (const message of this.#dialect.messages(ssml, requestId, isUsed)) socket.send(message);
        const turn = listenToTurn(
          socket,
          {
            provider: info.id,
            requestId,
            contentType,
            answerLimitMs: this.#limits.answerMs ?? 10_000,
            messageLimitMs: this.#limits.messageMs ?? 10_000,
            mostSoundBytes: Math.ceil(seconds * soundBytesPerSecond),
          },
          signal,
        );
        for await (const event of turn) {
          hasAnswered = true;
          yield event;
        }
        isOver = true;
        return;
      } catch (error) {
        const isDead = error instanceof SocketClosed && isUsed && !hasAnswered && !signal.aborted;
        if (!isDead) throw error;
      } finally {
        if (isOver) this.#dialect.release(socket);
        else socket.end();
      }
    }
  }

  /** A voice that the caller named and the service does not take is the caller's mistake. */
  #explain(error: unknown, { voice }: SpeechRequest): ProviderError {
    const { info, keyHint, voices } = this.#dialect;
    const isTheirs = voice === undefined || voices.some(({ id }) => id === voice);
    if (error instanceof SocketClosed && error.code === 1007 && !isTheirs) {
      return new ProviderError('invalid_input', info.id, 'It does not have this voice.');
    }
    return speechFailure(info.id, error, keyHint);
  }

  /** @throws {ProviderError} `invalid_input`, saying what was given and what is allowed. */
  #toSpeech({ text, language, voice, speed = 1, pitch = 1 }: SpeechRequest): Speech {
    const refuse = (message: string) => new ProviderError('invalid_input', this.info.id, message);
    if (text.length === 0 || text.length > MAX_CHARACTERS) {
      throw refuse(`The text has ${text.length} characters; 1 to ${MAX_CHARACTERS} are allowed.`);
    }
    if (voice !== undefined && !isVoiceName(voice)) {
      throw refuse(`The voice has to be a name such as "${this.#dialect.voices[0]!.id}".`);
    }
    if (!(speed >= 0.25 && speed <= 4)) throw refuse(`The speed ${speed} is not between 0.25 and 4.`);
    if (!(pitch >= 0.5 && pitch <= 2)) throw refuse(`The pitch ${pitch} is not between 0.5 and 2.`);
    const name = voice ?? this.#defaultFor(language);
    return { text: withoutControls(text), voice: name, locale: localeFor(language, name), speed, pitch };
  }

  /** The first voice that speaks the language: the configured one, unless it can't. */
  #defaultFor(language: string): string {
    const primary = language.split('-', 1)[0]!.toLowerCase();
    const { voices } = this.#dialect;
    const speaks = ({ languages }: VoiceInfo) => languages.length === 0 || languages.includes(primary);
    return (voices.find(speaks) ?? voices[0]!).id;
  }
}

/** The voice's own locale where it is of the language, which says more about the region than the request does. */
function localeFor(language: string, voice: string): string {
  const own = localeOf(voice);
  const primary = language.split('-', 1)[0]!.toLowerCase();
  if (own.toLowerCase().startsWith(`${primary}-`)) return own;
  if (/^[a-z]{2,3}-[A-Z]{2}$/.test(language)) return language;
  return { ko: 'ko-KR', en: 'en-US' }[primary] ?? own;
}
