import type { Menu } from '../server/src/experiences/kiosk/menu.ts';
import { shippedMenu, startConversation, type Reply } from '../server/src/experiences/kiosk/testing.ts';
import { understand } from '../server/src/experiences/kiosk/understanding/understand.ts';
import { linesOfOrder, parseLine, writeLines } from '../server/src/experiences/kiosk/testing/order-lines.ts';
import {
  readScenarios,
  type Dialogue,
  type Expectation,
  type ScenarioSet,
  type SetName,
  type Utterance,
} from './scenario.ts';

/** What came of one case. */
export interface Outcome {
  readonly id: string;
  /** The row it tests, or `dialogues`. */
  readonly row: string;
  readonly language: 'ko' | 'en';
  /** What was said, or the dialogue's name. */
  readonly name: string;
  /** Faults of the order, or of its status in a dialogue: the score is the share of cases without one. */
  readonly orderFaults: readonly string[];
  /** Faults of what was asked, done or told. */
  readonly otherFaults: readonly string[];
}

/** A set's outcomes, and how long understanding took. */
export interface KioskScore {
  readonly set: SetName;
  readonly utterances: readonly Outcome[];
  readonly dialogues: readonly Outcome[];
  /** Milliseconds for each utterance, understood alone; fastest first. */
  readonly milliseconds: readonly number[];
}

/** Share of orders exactly right that each set has to reach. */
export const BAR: Readonly<Record<SetName, number>> = { open: 0.97, 'held-out': 0.9 };

const MOST_TIMED_RUNS = 5;

/** Runs a set of the benchmark against the kiosk's own dialogue: no model, no network. */
export async function scoreKiosk(set: SetName): Promise<KioskScore> {
  const menu = shippedMenu();
  const scenarios = readScenarios(set);
  const utterances: Outcome[] = [];
  for (const one of scenarios.utterances) utterances.push(await scoreUtterance(one, menu));
  const dialogues: Outcome[] = [];
  for (const one of scenarios.dialogues) dialogues.push(await scoreDialogue(one, menu));
  return { set, utterances, dialogues, milliseconds: timeUtterances(scenarios, menu) };
}

/** The share of outcomes whose order is exactly right, 0..1. */
export function shareOfOrders(outcomes: readonly Outcome[]): number {
  return share(outcomes, ({ orderFaults }) => orderFaults.length === 0);
}

/** The share of outcomes that are right in everything, 0..1. */
export function shareOfAll(outcomes: readonly Outcome[]): number {
  return share(outcomes, ({ orderFaults, otherFaults }) => orderFaults.length + otherFaults.length === 0);
}

/** The value that the given share of sorted `values` does not exceed. */
export function quantile(values: readonly number[], at: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * at))] ?? 0;
}

/** What is wrong with an answer: of the order, and of all else. */
export function faultsOf(
  expected: Expectation,
  reply: Reply,
  menu: Menu,
): Pick<Outcome, 'orderFaults' | 'otherFaults'> {
  const orderFaults: string[] = [];
  const otherFaults: string[] = [];
  if (expected.order !== undefined) {
    const wanted = writeLines(
      expected.order.map((line) => parseLine(line, menu)),
      menu,
    ).join('; ');
    const stands = linesOfOrder(reply.order, menu).join('; ');
    if (stands !== wanted) orderFaults.push(`the order is [${stands}], not [${wanted}]`);
  }
  if (expected.status !== undefined && reply.order.status !== expected.status) {
    orderFaults.push(`the order is ${reply.order.status}, not ${expected.status}`);
  }
  if (expected.asks !== undefined && !asked(reply).includes(expected.asks)) {
    otherFaults.push(`it asks for ${asked(reply).join(', ') || 'nothing'}, not for ${expected.asks}`);
  }
  if (
    expected.does !== undefined &&
    !reply.actions.some(({ action_type }) => action_type === expected.does)
  ) {
    otherFaults.push(`the screen does not ${expected.does}`);
  }
  for (const words of expected.tells) {
    if (!reply.message.includes(words))
      otherFaults.push(`the answer is without "${words}": ${reply.message}`);
  }
  return { orderFaults, otherFaults };
}

/** What an answer asks for, read from what it puts on the screen. */
function asked({ actions, state }: Reply): string[] {
  return actions.flatMap((action) => {
    if (action.action_type === 'show_options') return ['option'];
    if (action.action_type === 'show_confirmation') return [action.data.kind];
    // A list of a category is shown for a question about the menu too; only a question that waits makes it an answer to give.
    if (action.action_type === 'show_menu' && state.asking?.type === 'which') return ['item'];
    return [];
  });
}

async function scoreUtterance(one: Utterance, menu: Menu): Promise<Outcome> {
  const conversation = startConversation(menu, one.language);
  for (const line of one.given) {
    const { itemId, options, quantity } = parseLine(line, menu);
    await conversation.tap({ type: 'add', item_id: itemId, options, quantity });
  }
  for (const before of one.before) await conversation.say(before);
  const reply = await conversation.say(one.say);
  return { id: one.id, row: one.row, language: one.language, name: one.say, ...faultsOf(one, reply, menu) };
}

async function scoreDialogue({ id, name, language, turns }: Dialogue, menu: Menu): Promise<Outcome> {
  const conversation = startConversation(menu, language);
  const orderFaults: string[] = [];
  const otherFaults: string[] = [];
  for (const [at, turn] of turns.entries()) {
    const faults = faultsOf(turn, await conversation.say(turn.say), menu);
    const place = (fault: string) => `turn ${at + 1} "${turn.say}": ${fault}`;
    orderFaults.push(...faults.orderFaults.map(place));
    otherFaults.push(...faults.otherFaults.map(place));
  }
  return { id, row: 'dialogues', language, name, orderFaults, otherFaults };
}

/** The best of some runs of each, so that what else the machine does is not counted. */
function timeUtterances({ utterances, dialogues }: ScenarioSet, menu: Menu): number[] {
  const texts = [...utterances, ...dialogues.flatMap(({ turns }) => turns)].map(({ say }) => say);
  const times = texts.map((text) => {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < MOST_TIMED_RUNS; run++) {
      const start = performance.now();
      understand(text, menu, { groupId: null });
      best = Math.min(best, performance.now() - start);
    }
    return best;
  });
  return times.sort((one, other) => one - other);
}

function share(outcomes: readonly Outcome[], isRight: (outcome: Outcome) => boolean): number {
  return outcomes.length === 0 ? 1 : outcomes.filter(isRight).length / outcomes.length;
}
