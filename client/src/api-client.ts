import type { ExperienceList, Health, Language, Role, SignedIn } from '@malbeot/protocol';

import { createHttp, type ConnectionOptions, type Http } from './http.ts';
import { errorOf, isRecord, jsonOf, readJson } from './http-reply.ts';
import type { CallOptions } from './voice-client.ts';

export interface ApiClientOptions extends ConnectionOptions {
  /** Language of errors. Default `ko`. */
  readonly language?: Language | undefined;
  /** The access token of the person, asked for at every call that needs one. */
  readonly accessToken?: (() => Promise<string> | string) | undefined;
}

/** The person signed in. */
export interface Me {
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
}

/** The platform's own routes. Every method throws a `MalbeotError` without a usable answer. */
export class ApiClient {
  readonly #http: Http;
  readonly #accessToken: (() => Promise<string> | string) | undefined;
  /** Language of errors. */
  language: Language;

  constructor(options: ApiClientOptions = {}) {
    this.#http = createHttp(options);
    this.#accessToken = options.accessToken;
    this.language = options.language ?? 'ko';
  }

  /** True when the server answers; one try. */
  async ping(options: CallOptions = {}): Promise<boolean> {
    const reply = await this.#http.send({
      method: 'GET',
      url: '/api/ping',
      language: this.language,
      maxTries: 1,
      signal: options.signal,
    });
    return reply.status === 200;
  }

  /** The state of the server's parts; also when it can't serve. One try. */
  async health(options: CallOptions = {}): Promise<Health> {
    const { language } = this;
    const reply = await this.#http.send({
      method: 'GET',
      url: '/api/health',
      language,
      maxTries: 1,
      signal: options.signal,
    });
    const json = readJson(reply);
    if (isRecord(json) && typeof json['status'] === 'string' && isRecord(json['parts'])) {
      return json as unknown as Health;
    }
    throw errorOf(reply, language);
  }

  /** The experiences with their true state on this server. */
  async experiences(options: CallOptions = {}): Promise<ExperienceList> {
    const { language } = this;
    const reply = await this.#http.send({
      method: 'GET',
      url: '/api/experiences',
      language,
      signal: options.signal,
    });
    return jsonOf(reply, language) as ExperienceList;
  }

  /** Signs in with the code of a one-time link. One try, because the code is good for one use. */
  exchangeLink(code: string, options: CallOptions = {}): Promise<SignedIn> {
    return this.#signIn('/api/auth/link', { code }, options);
  }

  /** New tokens for the old. One try: a refresh token that is used twice ends its whole family. */
  refresh(refreshToken: string, options: CallOptions = {}): Promise<SignedIn> {
    return this.#signIn('/api/auth/refresh', { refresh_token: refreshToken }, options);
  }

  /** Who the access token stands for. */
  async me(options: CallOptions = {}): Promise<Me> {
    const { language } = this;
    const credentials = await this.#credentials();
    const { signal } = options;
    const reply = await this.#http.send({
      method: 'GET',
      url: '/api/auth/me',
      language,
      credentials,
      signal,
    });
    return jsonOf(reply, language) as Me;
  }

  /** Ends this sign-in with all its tokens. */
  async signOut(options: CallOptions = {}): Promise<void> {
    const { language } = this;
    const credentials = await this.#credentials();
    const { signal } = options;
    const reply = await this.#http.send({
      method: 'POST',
      url: '/api/auth/sign-out',
      language,
      credentials,
      signal,
    });
    if (reply.status >= 300) throw errorOf(reply, language);
  }

  async #signIn(url: string, json: unknown, options: CallOptions): Promise<SignedIn> {
    const { language } = this;
    const reply = await this.#http.send({
      method: 'POST',
      url,
      language,
      json,
      maxTries: 1,
      signal: options.signal,
    });
    return jsonOf(reply, language) as SignedIn;
  }

  async #credentials(): Promise<Record<string, string>> {
    const token = await this.#accessToken?.();
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }
}
