import { describe, expect, it } from 'vitest';

import type { Act, SaidItem, SaidLoosely } from '../acts.ts';
import { isWorthAsking, mergeReading } from './merge-reading.ts';
import type { ModelAct } from './model-acts.ts';

const said: Omit<SaidItem, 'itemId'> = {
  quantity: 1,
  vague: false,
  more: false,
  options: {},
  before: {},
  part: false,
  drops: [],
  cannot: [],
  mayBeChoice: [],
};
const add = (itemId: string, options = {}): Act & ModelAct => ({
  type: 'add',
  item: { itemId, ...said, options },
});
const maybe = (itemId: string): Act & ModelAct => ({
  type: 'unsure',
  nearest: [itemId],
  item: said,
  said: '?',
});
const strange = (word: string): Act => ({ type: 'unknown-item', said: word });
const loose: SaidLoosely = {
  quantity: null,
  vague: false,
  more: false,
  options: {},
  drops: [],
  reference: null,
  intent: 'change',
  part: false,
  otherwise: [],
  cannot: [],
  parts: [],
};

describe('mergeReading', () => {
  it.each<[string, Act[], ModelAct[], Act[]]>([
    ['nothing from the model', [strange('x')], [], [strange('x')]],
    ['nothing understood', [{ type: 'unknown' }], [maybe('cola')], [maybe('cola')]],
    [
      'a strange name beside a sure one',
      [add('cola'), strange('x')],
      [maybe('water')],
      [add('cola'), maybe('water')],
    ],
    [
      'another thing than was sure',
      [add('cola')],
      [add('cola'), maybe('water')],
      [add('cola'), maybe('water')],
    ],
    ['the same as was sure', [add('cola'), strange('x')], [add('cola')], [add('cola'), strange('x')]],
    [
      'what is an option of the sure one',
      [add('burger', { drink: 'cola' })],
      [add('cola')],
      [add('burger', { drink: 'cola' })],
    ],
    ['a row in its place', [strange('x'), add('cola')], [maybe('water')], [maybe('water'), add('cola')]],
    [
      'one of two strange names',
      [strange('x'), strange('y')],
      [maybe('water')],
      [maybe('water'), strange('y')],
    ],
    ['a surer candidate', [maybe('cola')], [maybe('water')], [maybe('water')]],
    [
      'a category',
      [{ type: 'category', categoryId: 'burger', item: said }],
      [maybe('burger')],
      [maybe('burger')],
    ],
    ['a bare verb', [{ type: 'loose', said: loose }], [maybe('water')], [maybe('water')]],
    [
      'a loose amount, which is sure',
      [{ type: 'loose', said: { ...loose, quantity: 2 } }],
      [maybe('water')],
      [{ type: 'loose', said: { ...loose, quantity: 2 } }, maybe('water')],
    ],
    [
      'a yes, which stays',
      [{ type: 'yes' }, strange('x')],
      [maybe('water')],
      [{ type: 'yes' }, maybe('water')],
    ],
  ])('with %s', (_, rules, model, expected) => {
    expect(mergeReading(rules, model)).toEqual(expected);
  });
});

describe('isWorthAsking', () => {
  it('is so only where the rules are unsure', () => {
    expect(isWorthAsking({ acts: [strange('x')], confidence: 0.4, whole: false, unsure: true })).toBe(true);
    expect(isWorthAsking({ acts: [add('cola')], confidence: 1, whole: true, unsure: false })).toBe(false);
  });

  it.each(['finish', 'enough', 'cancel-all', 'start-over', 'staff', 'repeat', 'help', 'review'] as const)(
    'is never so where the customer said %s',
    (type) => {
      expect(
        isWorthAsking({ acts: [{ type }, strange('x')], confidence: 0.2, whole: false, unsure: true }),
      ).toBe(false);
    },
  );

  it('is never so where the customer pays', () => {
    const acts: Act[] = [{ type: 'pay', method: 'card' }, strange('x')];
    expect(isWorthAsking({ acts, confidence: 0.2, whole: false, unsure: true })).toBe(false);
  });
});
