import { describe, expect, it } from 'vitest';

import { parseInput } from './input.ts';
import type { Question } from './kiosk-state.ts';
import { readyState, smallMenu } from './testing.ts';

const temperature: Question = {
  type: 'options',
  chosen: [],
  data: {
    question: '온도를 골라 주세요.',
    line: 1,
    item_id: 'americano',
    item_name: '아메리카노',
    group_id: 'temperature',
    group_name: '온도',
    kind: 'one',
    required: true,
    selected: [],
    options: ['hot', 'iced'].map((option_id) => ({
      option_id,
      display_text: option_id,
      category: 'temperature',
      price: 0,
      description: '',
      available: true,
      image_url: null,
    })),
    remaining: 1,
  },
};

describe('what a typed line means', () => {
  const state = readyState();

  it('is words, unless it says otherwise', () => {
    expect(parseInput('  콜라 두 개 ', state)).toEqual({ type: 'say', text: '콜라 두 개' });
    expect(parseInput('12', state)).toEqual({ type: 'say', text: '12' });
    expect(parseInput('', state)).toEqual({ type: 'nothing' });
    expect(parseInput('+', state)).toEqual({ type: 'say', text: '+' });
  });

  it('picks a category, a dish, and gets back', () => {
    expect(parseInput('2', state)).toEqual({ type: 'browse', category: 'coffee' });
    const shelf = { type: 'category', category: 'burger', page: 0 } as const;
    const burgers = readyState({ shelf });
    expect(parseInput('1', burgers)).toEqual({
      type: 'act',
      action: { type: 'add', item_id: 'bulgogi' },
      label: '불고기버거',
    });
    expect(parseInput('0', burgers)).toEqual({ type: 'browse', category: null });
    expect(parseInput('3', burgers)).toMatchObject({
      type: 'refused',
      text: expect.stringContaining('1부터 2까지'),
    });
  });

  it('turns pages where there are more than one', () => {
    const [first] = smallMenu.items;
    const items = Array.from({ length: 12 }, (_, at) => ({
      ...first!,
      item_id: `b${at}`,
      name: `버거${at}`,
    }));
    const shelf = { type: 'category', category: 'burger', page: 1 } as const;
    const state = readyState({ menu: { ...smallMenu, items }, shelf });
    expect(parseInput('1', state)).toMatchObject({ action: { item_id: 'b9' } });
    expect(parseInput('-', state)).toEqual({ type: 'page', by: -1 });
    expect(parseInput('+', state)).toEqual({ type: 'page', by: 1 });
  });

  it('answers the question on the screen', () => {
    const state = readyState({ question: temperature });
    expect(parseInput('2', state)).toEqual({
      type: 'act',
      action: { type: 'set_options', line: 1, options: { temperature: 'iced' } },
      label: 'iced',
    });
    expect(parseInput('0', state)).toMatchObject({ type: 'refused' });
    // The menu in front of the question has its own numbers.
    expect(parseInput('2', { ...state, view: 'menu' })).toEqual({ type: 'browse', category: 'coffee' });
  });

  it('gathers several choices before they are sent', () => {
    const data = { ...temperature.data, kind: 'many' as const };
    const state = readyState({ question: { ...temperature, data, chosen: ['hot'] } as Question });
    expect(parseInput('2', state)).toEqual({ type: 'toggle', choice: 'iced' });
    expect(parseInput('3', state)).toMatchObject({
      action: { type: 'set_options', options: { temperature: ['hot'] } },
    });
  });

  it('knows its commands and says what is wrong with them', () => {
    const ask = (line: string) => parseInput(line, state);
    expect(ask('/wav "my order.wav"')).toEqual({ type: 'wav', path: 'my order.wav' });
    expect(ask('/wav my order.wav')).toEqual({ type: 'wav', path: 'my order.wav' });
    expect(ask('/lang en')).toMatchObject({ action: { type: 'language', language: 'en' } });
    expect(ask('/voice off')).toEqual({ type: 'voice', on: false });
    expect(ask('/staff')).toMatchObject({ action: { type: 'call_staff' } });
    expect(ask('/repeat')).toMatchObject({ action: { type: 'repeat' } });
    expect(ask('/confirm')).toMatchObject({ action: { type: 'confirm' } });
    expect(ask('/start-over')).toMatchObject({ action: { type: 'start_over' } });
    expect(ask('/mic')).toEqual({ type: 'microphone' });
    expect(ask('/menu')).toEqual({ type: 'browse', category: null });
    expect(ask('/order')).toEqual({ type: 'view', view: 'order' });
    expect(ask('/help')).toEqual({ type: 'view', view: 'help' });
    expect(ask('/quit')).toEqual({ type: 'quit' });
    for (const line of ['/lang fr', '/voice', '/wav', '/dance']) expect(ask(line).type).toBe('refused');
  });
});
