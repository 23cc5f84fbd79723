import { describe, expect, it } from 'vitest';
import { z, type ZodType } from 'zod';
import type { AppError } from '../errors/app-error.ts';
import { checkInput } from './check-input.ts';

function issuesOf(schema: ZodType, value: unknown) {
  try {
    checkInput(schema, value, 'body');
  } catch (error) {
    return (error as AppError).options.issues;
  }
  return [];
}

const action = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('add'), item_id: z.string(), quantity: z.int().min(1).max(99) }),
  z.strictObject({ type: z.literal('clear') }),
]);

describe('checkInput', () => {
  it('gives what the schema reads', () => {
    expect(checkInput(z.object({ n: z.coerce.number() }), { n: '3' }, 'query')).toEqual({ n: 3 });
  });

  it.each([
    ['a wrong kind', z.object({ n: z.number() }), { n: 'x' }, 'body.n', '"x" was given; a number is allowed'],
    ['nothing', z.object({ n: z.string() }), {}, 'body.n', 'is missing; text is needed'],
    ['no body', z.object({ n: z.string() }), undefined, 'body', 'is missing; an object is needed'],
    [
      'a wrong word',
      z.object({ l: z.enum(['ko', 'en']) }),
      { l: 'fr' },
      'body.l',
      '"fr" was given; allowed: ko, en',
    ],
    [
      'too little',
      z.object({ a: z.array(z.object({ p: z.int().min(0) })) }),
      { a: [{ p: -5 }] },
      'body.a.0.p',
      '-5 was given; at least 0 is allowed',
    ],
    [
      'too long',
      z.object({ t: z.string().max(3) }),
      { t: 'abcd' },
      'body.t',
      '"abcd" was given; at most 3 characters is allowed',
    ],
    ['an unknown field', z.strictObject({}), { x: 1 }, 'body', 'fields that are not known: "x"'],
    [
      'a branch that was meant',
      z.object({ action }),
      { action: { type: 'add', item_id: 'a', quantity: 0 } },
      'body.action.quantity',
      '0 was given; at least 1 is allowed',
    ],
    [
      'a branch that there is not',
      z.object({ action }),
      { action: { type: 'explode' } },
      'body.action.type',
      `"explode" was given; allowed: ${action.options.map(({ shape }) => shape.type.value).join(', ')}`,
    ],
    [
      'no branch at all',
      z.object({ action }),
      { action: {} },
      'body.action.type',
      expect.stringMatching(/^nothing was given; allowed: /),
    ],
    [
      'a branch of a plain union',
      z.union([z.object({ a: z.object({ b: z.number() }) }), z.string()]),
      { a: { b: 'x' } },
      'body.a.b',
      '"x" was given; a number is allowed',
    ],
  ])('%s', (_, schema, value, path, message) => {
    expect(issuesOf(schema, value)).toEqual([{ path, message }]);
  });

  it('repeats no long text, which may be what a person said', () => {
    const [issue] = issuesOf(z.object({ text: z.string().max(50) }), { text: '비밀 '.repeat(100) })!;
    expect(issue?.message).toBe('text of 300 characters was given; at most 50 characters is allowed');
  });

  it('tells at most 20 findings', () => {
    expect(
      issuesOf(
        z.array(z.string()),
        Array.from({ length: 50 }, () => 1),
      ),
    ).toHaveLength(20);
  });
});
