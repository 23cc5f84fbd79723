import type { KioskAction, Language } from '@malbeot/protocol';

import { CHOICES_PER_PAGE, choicesOf, shelfPages } from './choices.ts';
import type { KioskState } from './kiosk-state.ts';
import { wordsOf } from './words-of.ts';

/** What a typed line asks for. */
export type Input =
  | { readonly type: 'nothing' }
  | { readonly type: 'say'; readonly text: string }
  /** A tap; `label` is what stood on the screen. */
  | { readonly type: 'act'; readonly action: KioskAction; readonly label: string | null }
  | { readonly type: 'browse'; readonly category: string | null }
  | { readonly type: 'page'; readonly by: 1 | -1 }
  | { readonly type: 'toggle'; readonly choice: string }
  | { readonly type: 'view'; readonly view: 'order' | 'help' }
  | { readonly type: 'wav'; readonly path: string }
  | { readonly type: 'microphone' }
  | { readonly type: 'voice'; readonly on: boolean }
  | { readonly type: 'next-customer' }
  | { readonly type: 'quit' }
  /** It can't be done; `text` says why and what can be. */
  | { readonly type: 'refused'; readonly text: string };

/** What `line` means on the screen as it is: words, a number on it, or a command. */
export function parseInput(line: string, state: KioskState): Input {
  const text = line.trim();
  if (text === '')
    return state.receipt !== null && state.view === 'now' ? { type: 'next-customer' } : { type: 'nothing' };
  if (text.startsWith('/')) return parseCommand(text, state);
  if (/^\d$/.test(text)) return parseNumber(Number(text), state);
  if (isBrowsing(state) && (text === '+' || text === '-') && shelfPages(state) > 1)
    return { type: 'page', by: text === '+' ? 1 : -1 };
  return { type: 'say', text };
}

/** Whether the numbers on the screen are the menu's. */
function isBrowsing({ view, question, receipt }: KioskState): boolean {
  return view === 'menu' || (question === null && receipt === null);
}

function parseNumber(number: number, state: KioskState): Input {
  const words = wordsOf(state.language);
  if (number === 0) {
    if (isBrowsing(state)) return { type: 'browse', category: null };
    return { type: 'refused', text: words.noSuchNumber(0, choicesOf(state).length) };
  }
  const choices = choicesOf(state).slice(0, CHOICES_PER_PAGE);
  const choice = choices[number - 1];
  if (choice === undefined) {
    const text = choices.length === 0 ? words.nothingToChoose : words.noSuchNumber(number, choices.length);
    return { type: 'refused', text };
  }
  const { does, label } = choice;
  if ('browse' in does) return { type: 'browse', category: does.browse };
  if ('toggle' in does) return { type: 'toggle', choice: does.toggle };
  return 'text' in does ? { type: 'say', text: does.text } : { type: 'act', action: does.action, label };
}

function parseCommand(text: string, { language }: KioskState): Input {
  const words = wordsOf(language);
  const [command = '', ...rest] = text.split(/\s+/);
  // A path may hold spaces: it is all that follows the command.
  const value = text.slice(command.length).trim();
  const act = (action: KioskAction): Input => ({ type: 'act', action, label: null });
  switch (command) {
    case '/menu':
      return { type: 'browse', category: null };
    case '/order':
      return { type: 'view', view: 'order' };
    case '/help':
    case '/?':
      return { type: 'view', view: 'help' };
    case '/confirm':
      return act({ type: 'confirm' });
    case '/repeat':
      return act({ type: 'repeat' });
    case '/staff':
      return act({ type: 'call_staff' });
    case '/start-over':
      return act({ type: 'start_over' });
    case '/lang':
      return isLanguage(rest[0])
        ? act({ type: 'language', language: rest[0] })
        : { type: 'refused', text: words.needsValue(command, 'ko, en') };
    case '/voice':
      return rest[0] === 'on' || rest[0] === 'off'
        ? { type: 'voice', on: rest[0] === 'on' }
        : { type: 'refused', text: words.needsValue(command, 'on, off') };
    case '/wav':
      return value === ''
        ? { type: 'refused', text: words.needsValue(command, 'FILE.wav') }
        : { type: 'wav', path: value.replace(/^(["'])(.*)\1$/, '$2') };
    case '/mic':
      return { type: 'microphone' };
    case '/quit':
    case '/exit':
      return { type: 'quit' };
    default:
      return { type: 'refused', text: words.unknownCommand(command) };
  }
}

function isLanguage(value: string | undefined): value is Language {
  return value === 'ko' || value === 'en';
}
