import { isIP, isIPv4 } from 'node:net';
import { z } from 'zod';
import type { Told } from './told.ts';

/** How one setting is read: from text (environment, `.env`, flags) or from JSON (`malbeot.config.json`). */
export interface Field<T> {
  readonly schema: z.ZodType<T>;
  /** What is allowed, for people. */
  readonly allowed: Told;
}

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

/** A schema over trimmed text that `read` turns into a value; `undefined` from `read` means "not allowed". */
function fromText<T>(read: (text: string) => T | undefined): z.ZodType<T> {
  return z.unknown().transform((value, context) => {
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : trimmed(value);
    const result = typeof text === 'string' ? read(text) : undefined;
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: 'not allowed' });
    return z.NEVER;
  });
}

/** Lists come as text with commas, or as a JSON list. */
function listOf(readOne: (text: string) => string | undefined): z.ZodType<readonly string[]> {
  const list = fromText((text) => {
    const parts = text.split(',').flatMap((part) => part.trim() || []);
    const read = parts.map(readOne);
    return read.every((part) => part !== undefined) ? read : undefined;
  });
  return z.preprocess((value) => (isTextList(value) ? value.join(',') : value), list);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string');
}

/** One of `choices`, without regard to case. `synonyms` are read as the choice they name. */
export function oneOf<const T extends string>(
  choices: readonly T[],
  synonyms: Readonly<Record<string, T>> = {},
): Field<T> {
  return {
    schema: fromText((text) => {
      const word = text.toLowerCase();
      return choices.find((choice) => choice === word) ?? synonyms[word];
    }),
    allowed: { key: 'setting.allowed.one_of', values: { choices: choices.join(', ') } },
  };
}

const onWords = new Set(['on', 'true', 'yes', '1']);
const offWords = new Set(['off', 'false', 'no', '0']);

export function onOff(): Field<boolean> {
  return {
    schema: fromText((text) => {
      const word = text.toLowerCase();
      if (onWords.has(word)) return true;
      return offWords.has(word) ? false : undefined;
    }),
    allowed: { key: 'setting.allowed.on_off' },
  };
}

export function wholeNumber(min: number, max: number): Field<number> {
  return {
    schema: fromText((text) => {
      const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    }),
    allowed: { key: 'setting.allowed.whole_number', values: { min: String(min), max: String(max) } },
  };
}

const byteUnits: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes, with units of 1,024: `512`, `64KB`, `256 MB`, `1GiB`. */
export function byteSize(min: string, max: string): Field<number> {
  const read = (text: string): number | undefined => {
    const match = /^(\d{1,12})\s*(?:([kmg])i?b?|b)?$/i.exec(text);
    return match === null ? undefined : Number(match[1]) * byteUnits[(match[2] ?? '').toLowerCase()]!;
  };
  const [least, most] = [read(min)!, read(max)!];
  return {
    schema: fromText((text) => {
      const bytes = read(text);
      return bytes !== undefined && bytes >= least && bytes <= most ? bytes : undefined;
    }),
    allowed: { key: 'setting.allowed.bytes', values: { min, max } },
  };
}

/** Text without control characters. */
export function plainText(min = 1, max = 500): Field<string> {
  return {
    schema: fromText((text) =>
      text.length >= min && text.length <= max && !/\p{Cc}/u.test(text) ? text : undefined,
    ),
    allowed: { key: 'setting.allowed.text', values: { min: String(min), max: String(max) } },
  };
}

export function path(): Field<string> {
  return {
    schema: fromText((text) => (text !== '' && !text.includes('\0') ? text : undefined)),
    allowed: { key: 'setting.allowed.path' },
  };
}

export function fileName(): Field<string> {
  return {
    schema: fromText((text) => (/^[\w][\w .-]{0,190}$/.test(text) ? text : undefined)),
    allowed: { key: 'setting.allowed.file_name' },
  };
}

export function host(): Field<string> {
  return {
    schema: fromText((text) => {
      const bare = text.replace(/^\[(.*)\]$/, '$1');
      return isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$/i.test(bare) ? bare : undefined;
    }),
    allowed: { key: 'setting.allowed.host' },
  };
}

/** A URL of one of `schemes`, as it was written but for slashes at its end. */
export function url(...schemes: readonly string[]): Field<string> {
  const starts = schemes.map((scheme) => `${scheme}://`);
  return {
    schema: fromText((text) => {
      if (!starts.some((start) => text.toLowerCase().startsWith(start)) || /\s/.test(text)) return undefined;
      return URL.canParse(text) && new URL(text).hostname !== '' ? text.replace(/\/+$/, '') : undefined;
    }),
    allowed: { key: 'setting.allowed.url', values: { schemes: starts.join(', ') } },
  };
}

/** Where a database is: `sqlite:PATH`, or the URL of a server with the name of a database on it. */
export function databaseUrl(): Field<string> {
  return {
    schema: fromText((text) => {
      if (/^sqlite:(\/\/)?[^/\s]|^sqlite:(\/\/)?\/[^/\s]/i.test(text)) return text;
      if (!/^(postgres|postgresql|mariadb|mysql):\/\//i.test(text) || !URL.canParse(text)) return undefined;
      const { hostname, pathname, username, password } = new URL(text);
      const isWhole = hostname !== '' && pathname.length > 1;
      return isWhole && [pathname, username, password].every(isPercentEncoded) ? text : undefined;
    }),
    allowed: { key: 'setting.allowed.database_url' },
  };
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export function origins(): Field<readonly string[]> {
  return {
    schema: listOf((text) => {
      const bare = text.replace(/\/$/, '');
      if (!/^https?:\/\//i.test(bare) || !URL.canParse(bare)) return undefined;
      const { origin } = new URL(bare);
      return origin === bare.toLowerCase() ? origin : undefined;
    }),
    allowed: { key: 'setting.allowed.origins' },
  };
}

/** Whose word about the client's address counts: nobody's, everybody's, the last so many hops', or these proxies'. */
export type TrustProxy = boolean | number | readonly string[];

export function trustProxy(): Field<TrustProxy> {
  const ranges = listOf((text) => (isAddressOrRange(text) ? text : undefined));
  return {
    schema: fromText<TrustProxy>((text) => {
      const word = text.toLowerCase();
      if (/^\d+$/.test(word)) return readHops(Number(word));
      if (onWords.has(word)) return true;
      if (offWords.has(word)) return false;
      const read = ranges.safeParse(text);
      return read.success && read.data.length > 0 ? read.data : undefined;
    }),
    allowed: { key: 'setting.allowed.trust_proxy' },
  };
}

function readHops(hops: number): TrustProxy | undefined {
  if (hops === 0) return false;
  return hops <= 10 ? hops : undefined;
}

function isAddressOrRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}

export function timeOfDay(): Field<string> {
  return {
    schema: fromText((text) => (/^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : undefined)),
    allowed: { key: 'setting.allowed.time' },
  };
}

export function emails(): Field<readonly string[]> {
  return {
    schema: listOf((text) => (/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(text) ? text : undefined)),
    allowed: { key: 'setting.allowed.email' },
  };
}

/** Arguments of a program, separated by spaces; quotes keep spaces together. */
export function programArguments(): Field<readonly string[]> {
  return {
    schema: z.preprocess(
      (value) => (isTextList(value) ? value.map((part) => JSON.stringify(part)).join(' ') : value),
      fromText((text) =>
        [...text.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(\S+)/g)].map(
          ([, double, single, bare]) => double?.replaceAll(/\\(.)/g, '$1') ?? single ?? bare ?? '',
        ),
      ),
    ),
    allowed: { key: 'setting.allowed.text', values: { min: '0', max: '500' } },
  };
}

/** Short names, such as languages, separated by commas. */
export function names(): Field<readonly string[]> {
  return {
    schema: listOf((text) => (/^[a-z][a-z0-9_-]{0,59}$/i.test(text) ? text : undefined)),
    allowed: { key: 'setting.allowed.names' },
  };
}

/** Some of `choices`, separated by commas. */
export function someOf(choices: readonly string[]): Field<readonly string[]> {
  return {
    schema: listOf((text) => choices.find((choice) => choice === text.toLowerCase())),
    allowed: { key: 'setting.allowed.some_of', values: { choices: choices.join(', ') } },
  };
}

/** 32 bytes as base64 or hexadecimal; kept as it was written. */
export function encryptionKey(): Field<string> {
  return {
    schema: fromText((text) => (decodeEncryptionKey(text) === null ? undefined : text)),
    allowed: { key: 'setting.allowed.encryption_key' },
  };
}

/** The 32 bytes that `text` stands for, or null when it is not such a key. */
export function decodeEncryptionKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 ? bytes : null;
}

/** An API key given by configuration. */
export interface ConfiguredApiKey {
  /** What logs and lists call it. */
  readonly name: string;
  readonly key: string;
}

export function apiKeys(): Field<readonly ConfiguredApiKey[]> {
  const list = listOf((text) => (/^(?:[\w-]{1,60}:)?[\w.~+/=-]{16,256}$/.test(text) ? text : undefined));
  return {
    schema: list.transform((entries) =>
      entries.map((entry, index) => {
        const colon = entry.indexOf(':');
        return {
          name: colon < 0 ? `configured-${index + 1}` : entry.slice(0, colon),
          key: entry.slice(colon + 1),
        };
      }),
    ),
    allowed: { key: 'setting.allowed.api_keys' },
  };
}
