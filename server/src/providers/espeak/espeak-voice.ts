import { existsSync } from 'node:fs';

import type { ChildHost } from '../../lib/child-host.ts';
import { createProviderScope } from '../spec/provider-scope.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech, VoiceInfo } from '../spec/tts.ts';
import { cutText, type TextPiece } from './cut-text.ts';
import type { EspeakMark, EspeakPart, EspeakRequest } from './espeak-protocol.ts';
import { ESPEAK_LANGUAGES, ESPEAK_PROGRAM } from './open-espeak-host.ts';

export interface EspeakVoiceOptions {
  /** Where espeak runs. Whoever made it closes it. */
  readonly host: ChildHost<EspeakRequest, EspeakPart>;
  /** Where the program lies; for `availability`. */
  readonly program?: string;
  /** Time that one piece of text (160 characters at most) may take, 5 s. A host that takes longer is ended. */
  readonly pieceLimitMs?: number;
}

const ID = 'espeak';
const SAMPLE_RATE = 22_050;
const MAX_CHARACTERS = 5_000;
/** About 30 s of speech: made in a tenth of a second, and never more than a megabyte and a half in flight. */
const PIECE_CHARACTERS = 160;
const NORMAL_WORDS_PER_MINUTE = 175;
const SENTENCE_PAUSE_MS = 300;
/** Measured; espeak's scale from 0 to 99 reaches from 0.65 to 1.63 times its normal pitch. */
const PITCH_STEPS_PER_OCTAVE = 72;
const VOICE = /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,3}(\+[A-Za-z0-9_]{1,20})?$/;

const VOICES: readonly VoiceInfo[] = [
  { id: 'ko', name: '한국어', languages: ['ko'] },
  { id: 'ko+f2', name: '한국어 (여)', languages: ['ko'] },
  { id: 'ko+m3', name: '한국어 (남)', languages: ['ko'] },
  { id: 'en', name: 'English', languages: ['en'] },
  { id: 'en+f2', name: 'English (female)', languages: ['en'] },
  { id: 'en+m3', name: 'English (male)', languages: ['en'] },
];

/** The built-in voice: understandable, quick and robotic. */
export function createEspeakVoice(options: EspeakVoiceOptions): TextToSpeech {
  return new EspeakVoice(options);
}

class EspeakVoice implements TextToSpeech {
  readonly kind = 'tts';
  readonly revision = `${ID}:ng-emscripten-0.3.5:1`;
  readonly info: ProviderInfo = {
    id: ID,
    name: 'eSpeak NG',
    cost: 'free',
    local: true,
    standIn: true,
    languages: ESPEAK_LANGUAGES,
    needs: '',
    speed: 'very_fast',
  };
  readonly #host: ChildHost<EspeakRequest, EspeakPart>;
  readonly #pieceLimitMs: number;
  readonly #isInstalled: boolean;
  readonly #scope = createProviderScope(ID);

  constructor({ host, program = ESPEAK_PROGRAM, pieceLimitMs = 5_000 }: EspeakVoiceOptions) {
    this.#host = host;
    this.#pieceLimitMs = pieceLimitMs;
    this.#isInstalled = existsSync(program);
  }

  voices(): readonly VoiceInfo[] {
    return VOICES;
  }

  availability(): Availability {
    if (!this.#isInstalled) {
      const action = 'Restore the folder espeak-host from the release and run `npm install`.';
      return { available: false, reason: 'The program espeak-host is missing.', action };
    }
    const { state, lastFailure, retryInMs } = this.#host.status();
    if (state === 'closed')
      return { available: false, reason: 'The espeak host is closed.', action: 'Start the server again.' };
    if (state === 'backing-off') {
      const reason = `The espeak host ${lastFailure}.`;
      return {
        available: false,
        reason,
        action: `It starts again by itself in ${retryInMs} ms; the log says more.`,
      };
    }
    return { available: true };
  }

  async preload(signal: AbortSignal): Promise<void> {
    const call = this.#scope.enter(signal);
    try {
      await this.#host.start(call.signal);
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  async *synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    const call = this.#scope.enter(signal);
    try {
      const { text, ...settings } = toEspeak(request);
      const pauseMs = SENTENCE_PAUSE_MS / (request.speed ?? 1);
      let samplesMade = 0;
      const nowMs = () => (samplesMade * 1000) / SAMPLE_RATE;
      for (const piece of cutText(text, PIECE_CHARACTERS)) {
        const startMs = nowMs();
        const utf16At = codePointIndex(piece.text);
        for await (const part of this.#host.stream(
          { ...settings, text: piece.text },
          { limitMs: this.#pieceLimitMs },
          call.signal,
        )) {
          if (part.type === 'sound') {
            samplesMade += part.samples.length;
            yield { type: 'audio', samples: part.samples, sampleRate: SAMPLE_RATE };
          } else {
            for (const mark of part.marks) {
              const chunk = toChunk(mark, piece, startMs, utf16At);
              if (chunk !== undefined) yield chunk;
            }
          }
        }
        if (!piece.endsSentence) continue;
        yield { type: 'phoneme', symbol: '', startMs: nowMs() };
        const pause = new Int16Array(Math.round((pauseMs * SAMPLE_RATE) / 1000));
        samplesMade += pause.length;
        yield { type: 'audio', samples: pause, sampleRate: SAMPLE_RATE };
      }
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#scope.close();
    return Promise.resolve();
  }
}

/** @throws {ProviderError} `invalid_input`, saying what was given and what is allowed. */
function toEspeak({ text, language, voice, speed = 1, pitch = 1 }: SpeechRequest): EspeakRequest {
  const refuse = (message: string) => new ProviderError('invalid_input', ID, message);
  if (text.length === 0 || text.length > MAX_CHARACTERS) {
    throw refuse(
      `The text has ${text.length} characters; 1 to ${MAX_CHARACTERS} are allowed. Send it sentence by sentence.`,
    );
  }
  const primary = language.split('-', 1)[0]!.toLowerCase();
  if (!ESPEAK_LANGUAGES.includes(primary)) {
    throw refuse(`The language "${language}" is not one of ${ESPEAK_LANGUAGES.join(', ')}.`);
  }
  if (voice !== undefined && !VOICE.test(voice)) {
    throw refuse('The voice has to be a language, with a variant if wanted, such as "ko" or "ko+f2".');
  }
  if (!(speed >= 0.25 && speed <= 4)) throw refuse(`The speed ${speed} is not between 0.25 and 4.`);
  if (!(pitch >= 0.5 && pitch <= 2)) throw refuse(`The pitch ${pitch} is not between 0.5 and 2.`);
  return {
    text,
    voice: voice ?? primary,
    wordsPerMinute: Math.round(NORMAL_WORDS_PER_MINUTE * speed),
    pitch: Math.round(Math.min(99, Math.max(0, 50 + PITCH_STEPS_PER_OCTAVE * Math.log2(pitch)))),
  };
}

/** Undefined for a word without letters, which espeak gives for some signs. */
function toChunk(
  mark: EspeakMark,
  piece: TextPiece,
  pieceStartMs: number,
  utf16At: (codePoint: number) => number,
): SpeechChunk | undefined {
  const startMs = pieceStartMs + mark.startMs;
  if (mark.type === 'phoneme') return { type: 'phoneme', symbol: mark.symbol, startMs };
  const from = utf16At(mark.at);
  const text = piece.text.slice(from, utf16At(mark.at + mark.length));
  if (!/[\p{L}\p{N}]/u.test(text)) return undefined;
  return { type: 'word', text, startMs, textOffset: piece.offset + from };
}

/** From a count of code points to the place in the string, which differs behind an emoji. */
function codePointIndex(text: string): (codePoint: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (codePoint) => Math.min(codePoint, text.length);
  const places: number[] = [];
  let place = 0;
  for (const character of text) {
    places.push(place);
    place += character.length;
  }
  return (codePoint) => places[codePoint] ?? text.length;
}
