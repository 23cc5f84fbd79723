import type {
  CustomVoice,
  Language,
  SpeechProviders,
  SynthesizeRequest,
  Transcript,
} from '@malbeot/protocol';

import { createHttp, type ConnectionOptions, type Http } from './http.ts';
import { errorOf, jsonOf } from './http-reply.ts';
import type { CallOptions } from './voice-client.ts';

export interface SpeechClientOptions extends ConnectionOptions {
  /** Language of errors. Default `ko`. */
  readonly language?: Language | undefined;
  /** An API key or the access token of a person, asked for at every call; not needed on the server's own machine. */
  readonly token?: (() => Promise<string | undefined> | string | undefined) | undefined;
}

/** A provider that was passed over for a request. */
export interface SkippedProvider {
  readonly provider: string;
  /** In a few words: `language`, `unavailable`, `circuit open`, `timeout`. */
  readonly reason: string;
}

/** Speech that is being made. */
export interface SpokenSound {
  /** Who speaks. */
  readonly provider: string | null;
  /** Who would have come first and did not speak. */
  readonly skipped: readonly SkippedProvider[];
  /** Samples a second of `pcm`; null for formats that say it themselves. */
  readonly sampleRate: number | null;
  readonly mediaType: string;
  /** Bytes as they come. Ending the iteration early ends the request. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A recording for {@link SpeechClient.addVoice}. */
export interface NewVoice {
  /** 3 to 30 seconds of one person speaking. */
  readonly recording: Blob;
  /** The words said in it. */
  readonly text: string;
  readonly name: string;
  readonly language: string;
  /** Name of the person whose voice it is, who has agreed. */
  readonly consentBy: string;
}

/**
 * Ears and voices on their own, without an experience around them. Every method throws a `MalbeotError` without a usable
 * answer.
 */
export class SpeechClient {
  readonly #http: Http;
  readonly #token: SpeechClientOptions['token'];
  /** Language of errors. */
  language: Language;

  constructor(options: SpeechClientOptions = {}) {
    this.#http = createHttp(options);
    this.#token = options.token;
    this.language = options.language ?? 'ko';
  }

  /** The voices that this server knows, with what each can do here. */
  voices(options: CallOptions = {}): Promise<SpeechProviders> {
    return this.#get('/api/tts/providers', options);
  }

  /** The ears that this server knows. */
  ears(options: CallOptions = {}): Promise<SpeechProviders> {
    return this.#get('/api/stt/providers', options);
  }

  /** Speaks `request.text`; resolves with the first byte. */
  async synthesize(request: SynthesizeRequest, options: CallOptions = {}): Promise<SpokenSound> {
    const { language } = this;
    const response = await this.#http.open({
      method: 'POST',
      url: '/api/tts/synthesize',
      language,
      json: request,
      credentials: await this.#credentials(),
      signal: options.signal,
    });
    const { status, headers } = response;
    if (status !== 200 || response.body === null) {
      throw errorOf({ status, headers, body: await response.arrayBuffer() }, language);
    }
    const rate = Number(headers.get('x-malbeot-sample-rate'));
    return {
      provider: headers.get('x-malbeot-provider'),
      skipped: skippedIn(headers.get('x-malbeot-skipped') ?? ''),
      sampleRate: rate > 0 ? rate : null,
      mediaType: headers.get('content-type') ?? 'application/octet-stream',
      bytes: piecesOf(response.body),
    };
  }

  /** Hears a recording of any common kind. `language` null: the ears find out. */
  async transcribe(
    recording: Blob,
    { language: spoken = null, ...options }: CallOptions & { readonly language?: string | null } = {},
  ): Promise<Transcript> {
    const form = new FormData();
    form.set('file', recording, 'recording');
    if (spoken !== null) form.set('language', spoken);
    return (await this.#post('/api/voice/stt', form, options)) as Transcript;
  }

  /** Custom voices that may be used. */
  async customVoices(options: CallOptions = {}): Promise<readonly CustomVoice[]> {
    const { voices } = await this.#get<{ readonly voices: readonly CustomVoice[] }>(
      '/api/tts/voices',
      options,
    );
    return voices;
  }

  /** Keeps the voice of a person who has agreed to it. */
  async addVoice(voice: NewVoice, options: CallOptions = {}): Promise<CustomVoice> {
    const form = new FormData();
    form.set('file', voice.recording, 'recording');
    form.set('text', voice.text);
    form.set('name', voice.name);
    form.set('language', voice.language);
    form.set('consent', 'true');
    form.set('consent_by', voice.consentBy);
    return (await this.#post('/api/tts/voices', form, options)) as CustomVoice;
  }

  /** Forgets a custom voice and its recording. */
  async removeVoice(id: string, options: CallOptions = {}): Promise<void> {
    const { language } = this;
    const reply = await this.#http.send({
      method: 'DELETE',
      url: `/api/tts/voices/${encodeURIComponent(id)}`,
      language,
      credentials: await this.#credentials(),
      signal: options.signal,
    });
    if (reply.status >= 300) throw errorOf(reply, language);
  }

  async #get<T>(url: string, options: CallOptions): Promise<T> {
    const { language } = this;
    const credentials = await this.#credentials();
    const { signal } = options;
    const reply = await this.#http.send({ method: 'GET', url, language, credentials, signal });
    return jsonOf(reply, language) as T;
  }

  async #post(url: string, form: FormData, options: CallOptions): Promise<unknown> {
    const { language } = this;
    const credentials = await this.#credentials();
    const { signal } = options;
    const reply = await this.#http.send({ method: 'POST', url, language, form, credentials, signal });
    return jsonOf(reply, language);
  }

  async #credentials(): Promise<Record<string, string>> {
    const token = await this.#token?.();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }
}

/** Reads `supertonic;reason="timeout", espeak;reason="language"`. */
function skippedIn(header: string): SkippedProvider[] {
  return [...header.matchAll(/([\w.-]+);reason="([^"]*)"/g)].map(([, provider, reason]) => ({
    provider: provider!,
    reason: reason!,
  }));
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  // Not every browser can iterate a stream.
  const reader = body.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
