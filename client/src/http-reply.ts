import type { Language, Problem } from '@malbeot/protocol';

import { MalbeotError } from './malbeot-error.ts';

/** A whole answer of any status. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

/** The JSON of a reply; undefined when it is none. */
export function readJson(reply: HttpReply): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The code in a problem, or in the details of a kiosk's error. */
export function codeOf(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  if (typeof json['code'] === 'string') return json['code'];
  const info = json['error_info'];
  const details = isRecord(info) ? info['details'] : undefined;
  return isRecord(details) && typeof details['code'] === 'string' ? details['code'] : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error that a reply without a usable answer stands for. */
export function errorOf(reply: HttpReply, language: Language): MalbeotError {
  const json = readJson(reply);
  const problem = isProblem(json) ? json : undefined;
  const requestId = problem?.request_id ?? reply.headers.get('x-request-id');
  const code = codeOf(json) ?? 'BAD_ANSWER';
  return new MalbeotError(code, {
    status: reply.status,
    language,
    requestId,
    ...(problem === undefined ? {} : { problem }),
  });
}

function isProblem(json: unknown): json is Problem {
  return isRecord(json) && typeof json['code'] === 'string' && typeof json['status'] === 'number';
}

/** @throws {MalbeotError} unless the reply is a success with JSON in it. */
export function jsonOf(reply: HttpReply, language: Language): unknown {
  const json = reply.status < 300 ? readJson(reply) : undefined;
  if (json === undefined) throw errorOf(reply, language);
  return json;
}
