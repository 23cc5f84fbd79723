import { lineLabel } from '../server/src/experiences/kiosk/describe.ts';
import type { Menu } from '../server/src/experiences/kiosk/menu.ts';
import { shippedMenu, startConversation, type Reply } from '../server/src/experiences/kiosk/testing.ts';
import { readDialogues, readUtterances, type Dialogues, type Utterances } from './scenario.ts';

/** What came of one thing that had to be right. */
export interface Outcome {
  readonly name: string;
  /** What was wrong; empty when everything was right. */
  readonly faults: readonly string[];
}

/** The score of one file. No credit is given for a part. */
export interface Score {
  readonly file: string;
  readonly bar: number;
  readonly outcomes: readonly Outcome[];
}

/** Runs every kiosk scenario. */
export async function runKioskScenarios(): Promise<readonly Score[]> {
  const menu = shippedMenu();
  return [
    await scoreUtterances('kiosk/utterances.yaml', menu),
    await scoreDialogues('kiosk/dialogues.yaml', menu),
  ];
}

/** The share of outcomes without a fault, 0..1. */
export function shareRight({ outcomes }: Score): number {
  return outcomes.filter(({ faults }) => faults.length === 0).length / outcomes.length;
}

async function scoreUtterances(file: string, menu: Menu): Promise<Score> {
  const { bar, cases } = readUtterances(file);
  const outcomes: Outcome[] = [];
  for (const one of cases) outcomes.push({ name: one.say, faults: await faultsOfCase(one, menu) });
  return { file, bar, outcomes };
}

async function faultsOfCase(one: Utterances['cases'][number], menu: Menu): Promise<string[]> {
  const conversation = startConversation(menu);
  for (const before of one.before) await conversation.say(before);
  return faultsOf(one, await conversation.say(one.say), menu);
}

async function scoreDialogues(file: string, menu: Menu): Promise<Score> {
  const { bar, dialogues } = readDialogues(file);
  const outcomes: Outcome[] = [];
  for (const dialogue of dialogues)
    outcomes.push({ name: dialogue.name, faults: await faultsOfDialogue(dialogue, menu) });
  return { file, bar, outcomes };
}

async function faultsOfDialogue(
  { language, turns }: Dialogues['dialogues'][number],
  menu: Menu,
): Promise<string[]> {
  const conversation = startConversation(menu, language);
  const faults: string[] = [];
  for (const turn of turns) {
    const reply = await conversation.say(turn.say);
    const found = faultsOf(turn, reply, menu);
    for (const words of turn.reply) {
      if (!reply.message.includes(words)) found.push(`answer without "${words}": ${reply.message}`);
    }
    if (turn.status !== undefined && reply.order.status !== turn.status) {
      found.push(`the order is ${reply.order.status}, not ${turn.status}`);
    }
    if (turn.shows !== undefined && !reply.actions.some(({ action_type }) => action_type === turn.shows)) {
      found.push(`${turn.shows} is not on the screen`);
    }
    faults.push(...found.map((fault) => `"${turn.say}": ${fault}`));
  }
  return faults;
}

function faultsOf(
  expected: { order?: readonly string[] | undefined; asks?: string | undefined },
  { state }: Reply,
  menu: Menu,
): string[] {
  const faults: string[] = [];
  if (expected.order !== undefined) {
    const stands = state.order.lines.map((line) => `${lineLabel(menu, line, 'ko')} x ${line.quantity}`);
    const wanted = [...expected.order].sort().join('; ');
    if ([...stands].sort().join('; ') !== wanted)
      faults.push(`the order is [${stands.join('; ')}], not [${expected.order.join('; ')}]`);
  }
  if (expected.asks !== undefined && state.asking?.type !== expected.asks) {
    faults.push(`the question is ${state.asking?.type ?? 'none'}, not ${expected.asks}`);
  }
  return faults;
}
