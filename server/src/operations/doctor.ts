import type { Language } from '@malbeot/protocol';
import { isAbort, TimeoutError, withTimeout } from '../lib/abort.ts';
import { tell, type Told, type Words } from '../config/told.ts';

export type FindingStatus = 'ok' | 'warn' | 'fail';

/** What the doctor found out about one part. */
export interface Finding {
  /** The part, for people. */
  readonly part: Words;
  readonly status: FindingStatus;
  readonly what: Words;
  /** What to do about it; null when there is nothing to do. */
  readonly action: Words | null;
}

/** Looks at one part. What it throws becomes a finding of its own. */
export interface DoctorCheck {
  readonly part: Words;
  run(signal: AbortSignal): Promise<readonly Finding[]> | readonly Finding[];
}

/**
 * Runs the checks one after the other, each for at most `limitMs` (20,000).
 *
 * @throws {AbortedError} when `signal` aborts.
 */
export async function runDoctor(
  checks: readonly DoctorCheck[],
  { signal, limitMs = 20_000 }: { readonly signal: AbortSignal; readonly limitMs?: number },
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    try {
      findings.push(...(await withTimeout(limitMs, signal, async (inner) => check.run(inner))));
    } catch (error) {
      if (isAbort(error)) throw error;
      findings.push(brokenCheck(check.part, error));
    }
  }
  return findings;
}

function brokenCheck(part: Words, error: unknown): Finding {
  if (error instanceof TimeoutError) {
    const what: Told = { key: 'doctor.timeout', values: { seconds: error.limitMs / 1000 } };
    return { part, status: 'fail', what, action: { key: 'doctor.timeout.action' } };
  }
  return {
    part,
    status: 'fail',
    what: { key: 'doctor.broken', values: { reason: reasonOf(error) } },
    action: null,
  };
}

/** The message of an error, on one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.split('\n', 1)[0]!.slice(0, 300);
}

const marks: Readonly<Record<FindingStatus, string>> = { ok: '✓', warn: '!', fail: '✗' };

/** The findings as a person reads them, with a summary in the last line. */
export function describeFindings(findings: readonly Finding[], language: Language): string {
  const lines = findings.flatMap(({ part, status, what, action }) => [
    `${marks[status]} ${tell(language, part)}: ${tell(language, what)}`,
    ...(action === null ? [] : [`    → ${tell(language, action)}`]),
  ]);
  return [...lines, '', tell(language, summary(findings))].join('\n');
}

function summary(findings: readonly Finding[]): Told {
  const failures = findings.filter(({ status }) => status === 'fail').length;
  const warnings = findings.filter(({ status }) => status === 'warn').length;
  if (failures > 0) return { key: 'doctor.summary.fail', values: { failures, warnings } };
  return warnings > 0 ? { key: 'doctor.summary.warn', values: { warnings } } : { key: 'doctor.summary.ok' };
}
