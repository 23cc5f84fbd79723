import { createHash } from 'node:crypto';

import { toPcm16 } from '../../audio/pcm.ts';
import { encodeWav } from '../../audio/wav.ts';
import type { HttpAnswer } from '../../lib/http-client/send-request.ts';
import type { Refusal } from '../spec/http-failures.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import { createRemote, type Remote, type RemoteCall, type RemoteOptions } from '../spec/remote.ts';
import type { SpeechChunk, SpeechRequest, TextToSpeech, VoiceInfo, VoiceReference } from '../spec/tts.ts';
import { cutSpeech } from './cut-speech.ts';
import { decodeSpeech, NoSoundError } from './decode-speech.ts';
import type { DecodedPiece } from './piece-decoder.ts';
import type { SpeechServer } from './speech-server.ts';

export interface SpeechVoiceOptions extends Pick<RemoteOptions, 'clock' | 'pieceLimitMs'> {
  readonly key: string | null;
  /** Time until the sound of a request begins, beside 50 ms for each of its characters; 15 s. */
  readonly firstByteLimitMs?: number;
}

const MOST_CHARACTERS = 5_000;
const SAMPLE_RATE = 24_000;
/** Names of voices on any server: no path, and nothing that a header or a log could stumble over. */
const VOICE = /^(?!.*\.\.)[\p{L}\p{N}][\p{L}\p{N}_.:+() /-]{0,199}$/u;
/** In the order in which they are asked for: bare samples sound first, and not every server makes them. */
const FORMATS = ['pcm', 'wav', 'mp3'] as const;
const FIRST_BYTE_MS_PER_CHARACTER = 50;
/** More sound than that is none: the slowest voice at the slowest speed stays far below. */
const MOST_SECONDS_PER_CHARACTER = 1.5;
const MOST_SECONDS_BESIDE = 30;

/** A voice behind OpenAI's speech API. */
export class SpeechVoice implements TextToSpeech {
  readonly kind = 'tts';
  readonly revision: string;
  readonly info: ProviderInfo;
  readonly takesReference: boolean;
  readonly #server: SpeechServer;
  readonly #remote: Remote;
  readonly #hasKey: boolean;
  readonly #firstByteLimitMs: number;
  /** The first of {@link FORMATS} that the server has not refused. */
  #format = 0;

  /** @throws {RangeError} for a base URL that is none. */
  constructor(server: SpeechServer, { key, firstByteLimitMs = 15_000, ...connection }: SpeechVoiceOptions) {
    const { id, name, cost, setting, baseUrl, takesReference } = server;
    this.#server = server;
    this.#remote = createRemote({ id, baseUrl, key, ...connection });
    this.#hasKey = key !== null;
    this.#firstByteLimitMs = firstByteLimitMs;
    this.takesReference = takesReference;
    const local = this.#remote.isLoopback;
    this.info = {
      id,
      name,
      cost,
      local,
      standIn: false,
      languages: [],
      needs: setting,
      speed: local ? 'by_hardware' : 'fast',
      triedWith: 'replay',
    };
    this.revision = `${id}:${fingerprint(server)}:1`;
  }

  voices(): readonly VoiceInfo[] {
    return this.#server.voices;
  }

  availability(): Availability {
    const { wantsKey, name, setting } = this.#server;
    if (this.#hasKey || !wantsKey) return { available: true };
    return { available: false, reason: `${name} has no key.`, action: `Set ${setting}.` };
  }

  /** The API has no pitch: it is left as the voice has it. */
  async *synthesize(request: SpeechRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk, void, void> {
    const call = this.#remote.enter(signal);
    try {
      this.#check(request);
      const { id, mostCharacters } = this.#server;
      const { text, speed = 1 } = request;
      const mostSeconds = MOST_SECONDS_BESIDE + (text.length * MOST_SECONDS_PER_CHARACTER) / speed;
      let rate: number | undefined;
      let samplesMade = 0;
      for (const input of cutSpeech(text, mostCharacters)) {
        for await (const { samples, sampleRate } of this.#sound(input, request, call)) {
          rate ??= sampleRate;
          if (sampleRate !== rate) {
            const message = `It changes from ${rate} to ${sampleRate} samples a second.`;
            throw new ProviderError('failed', id, message);
          }
          samplesMade += samples.length;
          if (samplesMade > mostSeconds * rate) {
            throw new ProviderError('failed', id, 'It speaks for longer than the text can take.');
          }
          yield { type: 'audio', samples, sampleRate };
        }
      }
      if (samplesMade === 0 && /[\p{L}\p{N}]/u.test(text)) {
        throw new ProviderError('failed', id, 'It answers without any sound.');
      }
    } catch (error) {
      throw call.errorFor(this.#explain(error));
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#remote.close();
    return Promise.resolve();
  }

  async *#sound(
    input: string,
    request: SpeechRequest,
    call: RemoteCall,
  ): AsyncGenerator<DecodedPiece, void, void> {
    const response = await this.#ask(input, request, call);
    yield* decodeSpeech(call.pieces(response), response.headers.get('content-type') ?? '', SAMPLE_RATE);
  }

  /** Asks again in another format where the server does not make the one that was asked for. */
  async #ask(input: string, request: SpeechRequest, call: RemoteCall): Promise<HttpAnswer> {
    while (true) {
      const format = this.#format;
      const response = await call.send('/audio/speech', {
        body: this.#body(input, request, FORMATS[format]!),
        accept: 'audio/*, application/octet-stream',
        firstByteLimitMs: this.#firstByteLimitMs + input.length * FIRST_BYTE_MS_PER_CHARACTER,
      });
      if (response.ok) return response;
      const refusal = await call.refusal(response);
      if (!mindsFormat(refusal) || format + 1 >= FORMATS.length) throw call.refused(refusal);
      this.#format = Math.max(this.#format, format + 1);
    }
  }

  #body(
    input: string,
    { voice, speed = 1, reference }: SpeechRequest,
    format: (typeof FORMATS)[number],
  ): string {
    const { model, fields, voices, takesReference } = this.#server;
    const own = { voice: voice ?? voices[0]!.id };
    return JSON.stringify({
      model,
      input,
      ...(reference !== undefined && takesReference ? likePerson(reference) : own),
      response_format: format,
      ...(speed === 1 ? {} : { speed }),
      ...fields,
      // SiliconFlow makes MP3 at some rates only, none of them the one that is best for samples.
      ...(format === 'mp3' ? { sample_rate: undefined } : {}),
    });
  }

  /** @throws {ProviderError} `invalid_input`, saying what was given and what is allowed. */
  #check({ text, voice, speed = 1, pitch = 1 }: SpeechRequest): void {
    const { id, voices, hasNoOther } = this.#server;
    const refuse = (message: string) => new ProviderError('invalid_input', id, message);
    if (text.length === 0 || text.length > MOST_CHARACTERS) {
      throw refuse(`The text has ${text.length} characters; 1 to ${MOST_CHARACTERS} are allowed.`);
    }
    const isKnown = voice === undefined || voices.some((known) => known.id === voice);
    if (!isKnown && (hasNoOther || !VOICE.test(voice))) {
      throw refuse(
        `It has no such voice; among those that it has are ${voices.map((known) => known.id).join(', ')}.`,
      );
    }
    if (!(speed >= 0.25 && speed <= 4)) throw refuse(`The speed ${speed} is not between 0.25 and 4.`);
    if (!(pitch >= 0.5 && pitch <= 2)) throw refuse(`The pitch ${pitch} is not between 0.5 and 2.`);
  }

  #explain(error: unknown): unknown {
    return error instanceof NoSoundError
      ? new ProviderError('failed', this.#server.id, error.message)
      : error;
  }
}

/** The voice of a recording, in the form that SiliconFlow documents and other servers took over: no voice of the server's own. */
function likePerson({ samples, sampleRate, text }: VoiceReference) {
  const wav = encodeWav(toPcm16(samples), sampleRate).toString('base64');
  return { voice: '', references: [{ audio: `data:audio/wav;base64,${wav}`, text }] };
}

function mindsFormat({ status, text }: Refusal): boolean {
  return (status === 400 || status === 415 || status === 422) && /response_?format|\bpcm\b/i.test(text);
}

/** Tells servers, models and default voices apart without naming them. */
function fingerprint({ baseUrl, model, voices, fields }: SpeechServer): string {
  const text = JSON.stringify([baseUrl, model, voices[0]?.id, fields]);
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
