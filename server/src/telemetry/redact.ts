import type { LogFields } from './logger.ts';

const HIDDEN = '[hidden]';
const MAX_DEPTH = 6;
const MAX_TEXT = 2_000;

/** Names of fields that hold secrets, a person's words or who a person is. Compared without case, `_` and `-`. */
const HIDDEN_NAMES = new Set(
  ['authorization', 'proxyauthorization', 'cookie', 'setcookie', 'key', 'pin', 'credential', 'credentials']
    .concat([
      'text',
      'texts',
      'transcript',
      'transcripts',
      'message',
      'messages',
      'words',
      'utterance',
      'said',
      'heard',
    ])
    .concat(['prompt', 'content', 'body', 'reply', 'audio', 'history', 'memory'])
    .concat([
      'name',
      'username',
      'nickname',
      'fullname',
      'email',
      'phone',
      'address',
      'birthdate',
      'birthday',
    ]),
);
const HIDDEN_ENDINGS = [
  'token',
  'tokens',
  'secret',
  'password',
  'passphrase',
  'apikey',
  'devicekey',
  'sessionkey',
  'encryptionkey',
  'idempotencykey',
];

/** Whether a field is hidden, by its name as written. Names repeat, so each is worked out once. */
const verdicts = new Map<string, boolean>();

function isHidden(name: string): boolean {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const bare = name.toLowerCase().replaceAll(/[_-]/g, '');
  const hidden = HIDDEN_NAMES.has(bare) || HIDDEN_ENDINGS.some((ending) => bare.endsWith(ending));
  if (verdicts.size < 2_000) verdicts.set(name, hidden);
  return hidden;
}

/**
 * A copy of `fields` in which secrets, a person's words and personal data are hidden, at any depth, by the name of the
 * field. Errors become their kind, code, masked message, stack and cause. Returns `fields` itself when nothing changes.
 */
export function redactFields(fields: LogFields): LogFields {
  for (const name in fields) {
    const value = fields[name];
    if (!isPlain(value) || (isTelling(value) && isHidden(name))) return redactObject(fields, 0);
  }
  return fields;
}

/** A number or a flag is a count or a setting, whatever its name: `max_tokens`, `has_password`. */
function isTelling(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'number' && typeof value !== 'boolean';
}

function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return true;
    case 'string':
      return value.length <= MAX_TEXT;
    default:
      return value === null;
  }
}

function redactObject(fields: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    copy[name] = isTelling(value) && isHidden(name) ? HIDDEN : redactValue(value, depth + 1);
  }
  return copy;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, 100).map((entry) => redactValue(entry, depth + 1));
  return redactObject(value as Record<string, unknown>, depth);
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    detail: maskText(error.message),
    stack: stackLines(error),
    ...(error.cause === undefined || depth >= MAX_DEPTH
      ? {}
      : { cause: redactValue(error.cause, depth + 1) }),
  };
}

/** Only the places: the message in front of them is told, masked, as `detail`. */
function stackLines(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .join('\n');
}

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/-]+=*/gi, '$1 [hidden]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\b(sk|mbk|gsk|csk|key|dev)[-_][\w-]{12,}/g, '[key]'],
  [/:\/\/[^\s:@/]*:[^\s@/]+@/g, '://[hidden]@'],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, '[e-mail]'],
  [/\b01[016789][-. ]?\d{3,4}[-. ]?\d{4}\b/g, '[phone]'],
  [/\b\d{6}-[1-4]\d{6}\b/g, '[number]'],
];

/** Hides tokens, keys, passwords in URLs, e-mail addresses, Korean phone and resident numbers inside free text. */
export function maskText(text: string): string {
  let masked = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  for (const [pattern, replacement] of MASKS) masked = masked.replaceAll(pattern, replacement);
  return masked;
}
