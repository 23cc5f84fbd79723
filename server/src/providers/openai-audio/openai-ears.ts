import { readText } from '../../lib/http-client/body.ts';
import type { Refusal } from '../spec/http-failures.ts';
import { OPENAI_URL, openAiAvailability, openAiInfo } from '../spec/openai-server.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import { createRemote, type Remote, type RemoteCall, type RemoteOptions } from '../spec/remote.ts';
import { UTTERANCE_SAMPLE_RATE, type SpeechToText, type Transcription, type Utterance } from '../spec/stt.ts';
import { primarySubtag, toUtteranceWav, UNKNOWN_LANGUAGE } from '../spec/utterance-wav.ts';
import { readTranscript, type Transcript } from './transcript.ts';

export interface OpenAiEarsOptions extends Pick<RemoteOptions, 'key' | 'clock' | 'pieceLimitMs'> {
  /** Address that `/audio/transcriptions` is below; null for OpenAI's own. */
  readonly url: string | null;
  /** `gpt-4o-mini-transcribe` at OpenAI's own, `whisper-1` anywhere else when null. */
  readonly model: string | null;
  /** Time until the answer begins, beside half of the utterance's own length; 20 s. */
  readonly firstByteLimitMs?: number;
}

/** What is asked for beside the words. Servers take some of it or none. */
type Details = 'verbose_json' | 'logprobs' | 'none';

const ID = 'openai';
const MOST_BYTES = 1024 ** 2;

/**
 * Ears behind OpenAI's transcription API: OpenAI's own, Groq, or a server of one's own such as whisper.cpp's or speaches. Sends
 * nothing by itself, and no silence.
 *
 * @throws {RangeError} for a base URL that is none.
 */
export function createOpenAiEars(options: OpenAiEarsOptions): SpeechToText {
  return new OpenAiEars(options);
}

class OpenAiEars implements SpeechToText {
  readonly kind = 'stt';
  readonly info: ProviderInfo;
  readonly #remote: Remote;
  readonly #model: string;
  readonly #firstByteLimitMs: number;
  readonly #availability: Availability;
  #details: Details;

  constructor({ url, key, model, firstByteLimitMs = 20_000, ...connection }: OpenAiEarsOptions) {
    this.#remote = createRemote({ id: ID, baseUrl: url ?? OPENAI_URL, key, ...connection });
    this.#model = model ?? (url === null ? 'gpt-4o-mini-transcribe' : 'whisper-1');
    this.#firstByteLimitMs = firstByteLimitMs;
    this.#details = firstDetails(this.#model);
    const shaped = {
      id: ID,
      url,
      key,
      remote: this.#remote,
      urlSetting: 'OPENAI_STT_URL',
      speed: 'fast',
    } as const;
    this.info = openAiInfo(shaped);
    this.#availability = openAiAvailability(shaped);
  }

  availability(): Availability {
    return this.#availability;
  }

  async transcribe({ samples, language }: Utterance, signal: AbortSignal): Promise<Transcription> {
    const call = this.#remote.enter(signal);
    try {
      const asked = primarySubtag(language);
      const wav = toUtteranceWav(samples, ID);
      const heard = wav === null ? null : await this.#hear(wav, asked, call);
      return {
        text: heard?.text ?? '',
        language: heard?.language ?? asked ?? UNKNOWN_LANGUAGE,
        confidence: heard?.confidence ?? null,
        provider: ID,
      };
    } catch (error) {
      throw call.errorFor(error);
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#remote.close();
    return Promise.resolve();
  }

  async #hear(wav: Buffer, language: string | null, call: RemoteCall): Promise<Transcript> {
    const durationMs = (wav.length / 2 / UTTERANCE_SAMPLE_RATE) * 1_000;
    while (true) {
      const details = this.#details;
      const response = await call.send('/audio/transcriptions', {
        body: this.#form(wav, language, details),
        accept: 'application/json',
        firstByteLimitMs: this.#firstByteLimitMs + durationMs / 2,
      });
      if (response.ok) {
        const transcript = readTranscript(await readText(call.pieces(response), MOST_BYTES));
        if (transcript === null) {
          throw new ProviderError('failed', ID, 'It answers with something that is no transcription.');
        }
        return transcript;
      }
      const refusal = await call.refusal(response);
      if (details === 'none' || !mindsDetails(refusal)) throw call.refused(refusal);
      this.#details = 'none';
    }
  }

  #form(wav: Buffer, language: string | null, details: Details): FormData {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(wav)], { type: 'audio/wav' }), 'utterance.wav');
    form.set('model', this.#model);
    if (language !== null) form.set('language', language);
    form.set('response_format', details === 'verbose_json' ? 'verbose_json' : 'json');
    if (details === 'logprobs') form.set('include[]', 'logprobs');
    return form;
  }
}

/** Whisper tells language and certainty in `verbose_json`; the gpt-4o models know `json` only, with logprobs on request. */
function firstDetails(model: string): Details {
  if (/whisper/i.test(model)) return 'verbose_json';
  return /^gpt-4o(-mini)?-transcribe(?!-diarize)/.test(model) ? 'logprobs' : 'none';
}

function mindsDetails({ status, text }: Refusal): boolean {
  return (status === 400 || status === 422) && /response_?format|verbose|include|logprobs/i.test(text);
}
