/** Below this, compressing gains nothing worth the time. */
const WORTH_COMPRESSING_BYTES = 1024;
/** A body that shrinks by less is not worth the inflating: noise, or what is compressed already. */
const WORTH_SHRINKING_TO = 0.95;

/** What is sent: the same bytes in every try. */
export interface RequestBody {
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  /** Null where the platform builds the body while sending. */
  readonly bytes: number | null;
}

/**
 * The body of a request. With `compress`, gzip where the platform has it, over 1 kB and only when that makes it smaller by 5%.
 */
export async function makeBody(
  content: { readonly json?: unknown; readonly form?: FormData },
  compress: boolean,
): Promise<RequestBody> {
  const { json, form } = content;
  if (json === undefined && form === undefined) return { headers: {}, bytes: 0 };
  if (form !== undefined && !compress) return { body: form, headers: {}, bytes: null };
  const plain = form === undefined ? plainJson(json) : await plainForm(form);
  if (!compress || plain.bytes <= WORTH_COMPRESSING_BYTES) return plain;
  const packed = await gzip(plain.body);
  if (packed === null || packed.length > plain.bytes * WORTH_SHRINKING_TO) return plain;
  return { body: packed, headers: { ...plain.headers, 'content-encoding': 'gzip' }, bytes: packed.length };
}

interface PlainBody extends RequestBody {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly bytes: number;
}

function plainJson(json: unknown): PlainBody {
  const body = JSON.stringify(json);
  return {
    body,
    headers: { 'content-type': 'application/json' },
    bytes: new TextEncoder().encode(body).length,
  };
}

async function plainForm(form: FormData): Promise<PlainBody> {
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? 'multipart/form-data';
  const body = new Uint8Array(await response.arrayBuffer());
  return { body, headers: { 'content-type': type }, bytes: body.length };
}

/** Null where the platform can't. */
async function gzip(body: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  if (typeof CompressionStream === 'undefined') return null;
  const packed = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
