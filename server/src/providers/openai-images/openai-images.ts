import { withTimeout } from '../../lib/abort.ts';
import { readText } from '../../lib/http-client/body.ts';
import { PrivateAddressError } from '../../lib/http-client/public-address.ts';
import type { HttpAnswer } from '../../lib/http-client/send-request.ts';
import { isRecord } from '../../lib/is-record.ts';
import type { Refusal } from '../spec/http-failures.ts';
import type { GeneratedImage, ImageGenerator, ImageRequest } from '../spec/image.ts';
import { OPENAI_URL, openAiAvailability, openAiInfo } from '../spec/openai-server.ts';
import { ProviderError, type Availability, type ProviderInfo } from '../spec/provider.ts';
import { createRemote, type Remote, type RemoteCall, type RemoteOptions } from '../spec/remote.ts';
import { fetchPicture, NoPictureError } from './fetch-picture.ts';
import { readPictureHeader } from './picture-header.ts';
import { nearestSize, sizesOf } from './picture-size.ts';

export interface OpenAiImagesOptions extends Pick<RemoteOptions, 'key' | 'clock' | 'pieceLimitMs'> {
  /** Address that `/images/generations` is below; null for OpenAI's own. */
  readonly url: string | null;
  /** `gpt-image-1` when null. */
  readonly model: string | null;
  /** Time until the answer begins, and for fetching a picture from an address that it gives; 120 s. */
  readonly firstByteLimitMs?: number;
  /** Bytes of one picture, 32 MiB. */
  readonly mostBytes?: number;
}

const ID = 'openai_image';
const LONGEST_SIDE = 4_096;
const LONGEST_PROMPT = 32_000;

/**
 * Pictures from a server with OpenAI's image API. A model that knows a few sizes only draws in the nearest shape: the picture
 * says its own size. Sends nothing by itself.
 *
 * @throws {RangeError} for a base URL that is none.
 */
export function createOpenAiImages(options: OpenAiImagesOptions): ImageGenerator {
  return new OpenAiImages(options);
}

class OpenAiImages implements ImageGenerator {
  readonly kind = 'image';
  readonly info: ProviderInfo;
  readonly #remote: Remote;
  readonly #model: string;
  readonly #isOpenAi: boolean;
  readonly #availability: Availability;
  readonly #firstByteLimitMs: number;
  readonly #mostBytes: number;
  /** Whether bytes can be asked for in place of an address; some give nothing else and refuse the question. */
  #asksForBytes: boolean;

  constructor({
    url,
    key,
    model,
    firstByteLimitMs = 120_000,
    mostBytes = 32 * 1024 ** 2,
    ...connection
  }: OpenAiImagesOptions) {
    this.#remote = createRemote({ id: ID, baseUrl: url ?? OPENAI_URL, key, firstByteLimitMs, ...connection });
    this.#model = model ?? 'gpt-image-1';
    this.#isOpenAi = url === null;
    this.#firstByteLimitMs = firstByteLimitMs;
    this.#mostBytes = mostBytes;
    this.#asksForBytes = !/^(gpt|chatgpt)-image/.test(this.#model);
    const shaped = {
      id: ID,
      url,
      key,
      remote: this.#remote,
      urlSetting: 'OPENAI_IMAGE_URL',
      speed: 'medium',
    } as const;
    this.info = openAiInfo(shaped);
    this.#availability = openAiAvailability(shaped);
  }

  availability(): Availability {
    return this.#availability;
  }

  async generate(request: ImageRequest, signal: AbortSignal): Promise<GeneratedImage> {
    const call = this.#remote.enter(signal);
    try {
      check(request);
      const bytes = await this.#draw(request, call);
      const header = readPictureHeader(bytes);
      if (header === null) throw failed('It answers with something that is no PNG, JPEG or WebP picture.');
      return { bytes, ...header };
    } catch (error) {
      throw call.errorFor(explain(error));
    } finally {
      call.leave();
    }
  }

  close(): Promise<void> {
    this.#remote.close();
    return Promise.resolve();
  }

  async #draw(request: ImageRequest, call: RemoteCall): Promise<Uint8Array> {
    const response = await this.#ask(request, call);
    // Base64 takes four characters for three bytes.
    const text = await readText(call.pieces(response), Math.ceil(this.#mostBytes * 1.4) + 65_536);
    const picture = firstPicture(text);
    if (picture === null) throw failed('It answers with something that is no picture.');
    const { base64, url } = picture;
    if (base64 !== null) return new Uint8Array(Buffer.from(base64.replace(/^data:[^,]*,/, ''), 'base64'));
    const options = { baseUrl: this.#remote.baseUrl, mostBytes: this.#mostBytes };
    return withTimeout(this.#firstByteLimitMs, call.signal, (limited) => fetchPicture(url, options, limited));
  }

  async #ask(request: ImageRequest, call: RemoteCall): Promise<HttpAnswer> {
    while (true) {
      const asksForBytes = this.#asksForBytes;
      const body = this.#body(request, asksForBytes);
      const response = await call.send('/images/generations', { body, accept: 'application/json' });
      if (response.ok) return response;
      const refusal = await call.refusal(response);
      if (!asksForBytes || !mindsForm(refusal)) throw call.refused(refusal);
      this.#asksForBytes = false;
    }
  }

  #body({ prompt, width, height, seed }: ImageRequest, asksForBytes: boolean): string {
    const sizes = sizesOf(this.#model);
    const size = sizes === null ? ([width, height] as const) : nearestSize([width, height], sizes);
    return JSON.stringify({
      model: this.#model,
      prompt,
      n: 1,
      size: size.join('x'),
      ...(asksForBytes ? { response_format: 'b64_json' } : {}),
      // OpenAI's own refuses what it does not know; many others know it.
      ...(seed === undefined || this.#isOpenAi ? {} : { seed }),
    });
  }
}

/** @throws {ProviderError} `invalid_input`, saying what was given and what is allowed. */
function check({ prompt, width, height }: ImageRequest): void {
  const refuse = (message: string) => new ProviderError('invalid_input', ID, message);
  if (prompt.trim() === '' || prompt.length > LONGEST_PROMPT) {
    throw refuse(`The prompt has ${prompt.length} characters; 1 to ${LONGEST_PROMPT} are allowed.`);
  }
  if (![width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= LONGEST_SIDE)) {
    throw refuse(`${width} x ${height}: sides are 1 to ${LONGEST_SIDE} pixels.`);
  }
}

/** The first picture of an answer: its bytes in base64, or where they are. */
function firstPicture(
  text: string,
): { readonly base64: string; readonly url: null } | { readonly base64: null; readonly url: string } | null {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return null;
  }
  const list = isRecord(answer) ? (answer['data'] ?? answer['images']) : null;
  const first: unknown = Array.isArray(list) ? list[0] : null;
  if (!isRecord(first)) return null;
  const { b64_json: base64, url } = first;
  if (typeof base64 === 'string' && base64 !== '') return { base64, url: null };
  if (typeof url !== 'string' || url === '') return null;
  return /^data:[^,]*;base64,/.test(url) ? { base64: url, url: null } : { base64: null, url };
}

function mindsForm({ status, text }: Refusal): boolean {
  return (status === 400 || status === 422) && /response_?format|b64_json/i.test(text);
}

function explain(error: unknown): unknown {
  return error instanceof NoPictureError || error instanceof PrivateAddressError
    ? failed(error.message)
    : error;
}

function failed(message: string): ProviderError {
  return new ProviderError('failed', ID, message);
}
