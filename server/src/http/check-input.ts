import type { ZodType } from 'zod';
import { AppError, type InputIssue } from '../errors/app-error.ts';
import { shorten } from './body.ts';

/** The slice of zod's issue that a message is made from. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly input?: unknown;
  readonly expected?: string;
  readonly values?: readonly unknown[];
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly inclusive?: boolean;
  readonly format?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
  /** Of a union whose branches are told apart by a field: the field, and what it may be. */
  readonly discriminator?: string;
  readonly options?: readonly unknown[];
}

const MAX_ISSUES = 20;

/**
 * `value` as `schema` reads it.
 *
 * @throws {AppError} INVALID_INPUT with every finding: where, what was given, what is allowed.
 */
export function checkInput<T>(schema: ZodType<T>, value: unknown, place: 'params' | 'query' | 'body'): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MAX_ISSUES).map((issue) => toInputIssue(issue as Issue, place));
  const [first] = issues;
  throw new AppError('INVALID_INPUT', {
    detail: `${first?.path ?? place}: ${first?.message ?? 'not valid'}`,
    issues,
  });
}

function toInputIssue(issue: Issue, place: string): InputIssue {
  const deepest = deepestOf(issue);
  return {
    path: [place, ...deepest.path.map(String)].join('.'),
    message: describe(deepest),
  };
}

/** For a union, the finding of the branch that got furthest: the one that the caller meant. */
function deepestOf(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors === undefined || issue.errors.length === 0) return issue;
  let best: Issue | undefined;
  for (const [found] of issue.errors) {
    if (found !== undefined && found.path.length > (best?.path.length ?? 0)) best = found;
  }
  return best === undefined ? issue : deepestOf({ ...best, path: [...issue.path, ...best.path] });
}

function describe(issue: Issue): string {
  const given = givenText(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; ${article(issue.expected ?? 'value')} is needed`
        : `${given} was given; ${article(issue.expected ?? 'value')} is allowed`;
    case 'invalid_value':
      return `${given} was given; allowed: ${(issue.values ?? []).map(String).join(', ')}`;
    case 'too_small':
      return `${given} was given; ${bound('at least', issue.inclusive, issue.minimum, issue.origin)} is allowed`;
    case 'too_big':
      return `${given} was given; ${bound('at most', issue.inclusive, issue.maximum, issue.origin)} is allowed`;
    case 'invalid_format':
      return issue.format === 'regex'
        ? `${given} was given; it does not have the right form`
        : `${given} was given; ${article(issue.format ?? 'text')} is needed`;
    case 'unrecognized_keys':
      return `fields that are not known: ${(issue.keys ?? [])
        .slice(0, 10)
        .map((key) => shorten(key))
        .join(', ')}`;
    case 'invalid_union':
      return issue.discriminator === undefined || issue.options === undefined
        ? issue.message
        : `${givenText(fieldOf(issue.input, issue.discriminator))} was given; allowed: ${issue.options.map(String).join(', ')}`;
    default:
      return issue.message;
  }
}

function fieldOf(input: unknown, name: string): unknown {
  return typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[name] : undefined;
}

/** What was given, short; objects and lists by kind only. */
function givenText(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return `a list of ${input.length}`;
  switch (typeof input) {
    case 'string':
      return input.length > 40 ? `text of ${input.length} characters` : shorten(input);
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(input);
    case 'undefined':
      return 'nothing';
    default:
      return 'an object';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
};

function article(kind: string): string {
  return KINDS[kind] ?? (/^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`);
}

function bound(
  word: string,
  inclusive: boolean | undefined,
  limit: unknown,
  origin: string | undefined,
): string {
  const amount = String(limit);
  const strict =
    inclusive === false
      ? `${word === 'at least' ? 'more than' : 'less than'} ${amount}`
      : `${word} ${amount}`;
  switch (origin) {
    case 'string':
      return `${strict} characters`;
    case 'array':
    case 'set':
      return `${strict} entries`;
    default:
      return strict;
  }
}
