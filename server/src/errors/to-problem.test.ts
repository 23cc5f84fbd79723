import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { errorsPage } from './docs.ts';
import { errorTable } from './table.ts';
import { toProblem } from './to-problem.ts';

describe('errors', () => {
  it('documents every code as the table has it', () => {
    const written = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
    expect(written).toBe(errorsPage());
    for (const [code, entry] of Object.entries(errorTable)) {
      expect(written).toContain(`| \`${code}\` | ${entry.status} |`);
    }
  });

  it('gives every code a status of its kind and words for people', () => {
    for (const [code, entry] of Object.entries(errorTable)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(entry.status).toBeGreaterThanOrEqual(400);
      expect(entry.remedy).toMatch(/\.$/);
    }
  });

  it('tells what the caller can do', () => {
    const error = new AppError('INVALID_INPUT', {
      detail: 'quantity is 0; allowed: 1 to 20.',
      issues: [{ path: 'body.quantity', message: 'must be at least 1' }],
      fields: { session_id: 'ses_1' },
    });
    expect(toProblem(error, 'req_1')).toEqual({
      type: '/docs#INVALID_INPUT',
      title: 'The input is not valid',
      status: 422,
      detail: 'quantity is 0; allowed: 1 to 20.',
      code: 'INVALID_INPUT',
      request_id: 'req_1',
      errors: [{ path: 'body.quantity', message: 'must be at least 1' }],
      session_id: 'ses_1',
    });
  });

  it('never lets extra fields replace those of the problem', () => {
    const error = new AppError('NOT_FOUND', { fields: { status: 200, code: 'FINE' } });
    expect(toProblem(error, 'req_1')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });

  it.each([
    ['an unknown error', new Error('the password is hunter2')],
    [
      'an INTERNAL with a detail',
      new AppError('INTERNAL', { detail: 'hunter2', fields: { password: 'hunter2' } }),
    ],
    ['something thrown that is no error', 'hunter2'],
  ])('tells nothing of %s but the request id', (_, error) => {
    const problem = toProblem(error, 'req_7');
    expect(problem).toMatchObject({ status: 500, code: 'INTERNAL', request_id: 'req_7' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});
