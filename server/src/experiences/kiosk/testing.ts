import type { KioskAction, Language, UIAction } from '@malbeot/protocol';
import { readFileSync } from 'node:fs';
import type { ScreenAction } from '../../conversation/dialogue.ts';
import { createKioskDialogue, type KioskDialogueOptions, type KioskDialogueState } from './dialogue.ts';
import type { Heard } from '../../conversation/heard.ts';
import { parseMenu, type Menu } from './menu.ts';
import { toOrderData } from './order.ts';
import { AT_THE_DESK, type Paying } from './payments/paying.ts';
import { toUIActions } from './screen.ts';
import type { KioskState } from './state.ts';

/** The menu that the product ships with. */
export function shippedMenu(): Menu {
  const path = new URL('../../../assets/kiosk-menu.json', import.meta.url);
  return parseMenu(JSON.parse(readFileSync(path, 'utf8')), 1);
}

/** One answer of a conversation. */
export interface Reply {
  readonly message: string;
  readonly actions: readonly UIAction[];
  readonly state: KioskState;
  readonly order: ReturnType<typeof toOrderData>;
  readonly confidence: number;
  readonly opinion: KioskDialogueState['opinion'];
  readonly effect: KioskDialogueState['effect'];
  readonly unspoken: boolean;
}

/** A conversation with the dialogue itself, without sound, server or tables. */
export interface Conversation {
  /** Words; said `ageMs` before they arrive, 0 when absent. */
  say(text: string, ageMs?: number): Promise<Reply>;
  tap(action: KioskAction): Promise<Reply>;
  /** Puts another menu in force. */
  changeMenu(menu: Menu): void;
  /** From the next turn on orders can be paid for like this, and the payment stands like this. */
  changePaying(paying: Paying): void;
  /** Milliseconds from turn to turn; 1,000 at first. */
  changePace(ms: number): void;
}

export function startConversation(
  menu: Menu,
  language: Language = 'ko',
  options: Pick<KioskDialogueOptions, 'model'> = {},
): Conversation {
  let inForce = menu;
  let state: KioskState | null = null;
  let orders = 0;
  let now = Date.UTC(2026, 10, 21);
  let paceMs = 1_000;
  let paying = AT_THE_DESK;

  async function turn(input: Heard | KioskAction, ageMs = 0): Promise<Reply> {
    now += paceMs;
    const dialogue = createKioskDialogue({
      menu: () => inForce,
      clock: { now: () => now },
      newOrderId: () => `ord_${++orders}`,
      paying,
      arrivedAt: now - ageMs,
      ...options,
    });
    const said: string[] = [];
    const shown: ScreenAction[] = [];
    let after: KioskDialogueState | null = null;
    const context = { sessionId: 'ses_test', turnId: 'trn_test', language, state };
    for await (const event of dialogue.respond(input, context, new AbortController().signal)) {
      if (event.type === 'text-delta') said.push(event.text);
      if (event.type === 'action') shown.push(event.action);
      if (event.type === 'state') after = event.state as KioskDialogueState;
    }
    if (after === null) throw new Error('The dialogue ended without a state.');
    // As it comes back from the database.
    state = JSON.parse(JSON.stringify(after.state)) as KioskState;
    return {
      message: said.join(' '),
      actions: toUIActions(shown),
      state,
      order: toOrderData(inForce, state.order, state.language),
      confidence: after.confidence,
      opinion: after.opinion,
      effect: after.effect,
      unspoken: after.unspoken,
    };
  }

  return {
    say: (text, ageMs) => turn({ text, language, source: 'text', confidence: null }, ageMs),
    tap: (action) => turn(action),
    changeMenu: (next) => (inForce = next),
    changePaying: (next) => (paying = next),
    changePace: (ms) => (paceMs = ms),
  };
}
