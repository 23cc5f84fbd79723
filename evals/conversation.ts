import { historyFaultsOf } from '../server/src/conversation/testing/talk-faults.ts';
import {
  simulate,
  type SentMessage,
  type Simulation,
} from '../server/src/conversation/testing/simulation.ts';
import { createSimulatedEars } from '../server/src/conversation/testing/simulated-ears.ts';
import { faultsInOrder } from '../server/src/conversation/testing/simulated-faults.ts';
import { createSimulatedMind } from '../server/src/conversation/testing/simulated-mind.ts';
import { createSimulatedVoice } from '../server/src/conversation/testing/simulated-voice.ts';
import { createVirtualWorld } from '../server/src/conversation/testing/virtual-world.ts';
import type { Dialogue } from '../server/src/conversation/dialogue.ts';
import { createKioskDialogue, type KioskDialogueState } from '../server/src/experiences/kiosk/dialogue.ts';
import { toOrderData } from '../server/src/experiences/kiosk/order.ts';
import type { KioskState } from '../server/src/experiences/kiosk/state.ts';
import { shippedMenu } from '../server/src/experiences/kiosk/testing.ts';
import { linesOfOrder, parseLine, writeLines } from '../server/src/experiences/kiosk/testing/order-lines.ts';
import { createSpeechToTextChain } from '../server/src/providers/chain/speech-to-text-chain.ts';
import { createTextToSpeechChain } from '../server/src/providers/chain/text-to-speech-chain.ts';
import { readTalks, type TalkScenario, type TalkStep } from './conversation-scenario.ts';

/** What came of one talk. */
export interface TalkOutcome {
  readonly id: string;
  readonly row: TalkScenario['row'];
  readonly name: string;
  readonly gloss: string;
  readonly faults: readonly string[];
  /** What was measured, in milliseconds of the simulated time. */
  readonly measured: Readonly<Record<keyof TalkStep['within'], readonly number[]>>;
}

/** Share of talks in which everything has to be right. */
export const TALK_BAR = 0.95;

const NETWORK_MS = 20;
const menu = shippedMenu();

/** Plays every talk on the simulator: no model, no network, no real time. */
export async function scoreTalks(): Promise<readonly TalkOutcome[]> {
  const outcomes: TalkOutcome[] = [];
  for (const scenario of readTalks()) outcomes.push(await playTalk(scenario));
  return outcomes;
}

/** Plays one talk and holds it against what must happen in it. */
export async function playTalk(scenario: TalkScenario): Promise<TalkOutcome> {
  const talk = begin(scenario);
  const measured = { first_sound: [], duck: [], stop: [], restore: [] } as Record<
    keyof TalkStep['within'],
    number[]
  >;
  const begun: { readonly step: TalkStep; readonly atMs: number; readonly endMs: number }[] = [];
  const faults: string[] = [];
  await talk.pass(600);
  for (const step of scenario.steps) {
    if (!(await reach(step, talk))) faults.push(`The moment for ${named(step)} never came.`);
    const atMs = talk.nowMs();
    await act(step, talk);
    const soundEndMs = talk.person.acts.findLast(({ startMs }) => startMs >= atMs)?.endMs;
    begun.push({ step, atMs, endMs: soundEndMs ?? talk.nowMs() });
  }
  if (!(await talk.quiet(60_000))) faults.push('It never came to rest.');
  for (const [index, { step, atMs, endMs }] of begun.entries()) {
    const untilMs = begun[index + 1]?.atMs ?? Infinity;
    const found = check({ step, atMs, endMs, untilMs }, talk, measured);
    faults.push(...found.map((text) => `${named(step)}: ${text}`));
  }
  if (!scenario.silent_client) faults.push(...historyFaultsOf(talk));
  await talk.end();
  if (talk.world.clock.sleepers > 0) faults.push(`${talk.world.clock.sleepers} timers are left.`);
  const { id, row, name, gloss } = scenario;
  return { id, row, name, gloss, faults, measured };
}

function begin(scenario: TalkScenario): Simulation {
  const { language, room, ears, voice, mind, replies } = scenario;
  const world = createVirtualWorld();
  const { clock } = world;
  const talk = simulate({
    world,
    language,
    networkMs: NETWORK_MS,
    use: { handsFree: !scenario.push_to_talk },
    room: {
      ...(room.noise === undefined ? {} : { noise: room.noise }),
      ...(room.level === undefined ? {} : { noiseDb: room.level }),
      ...(room.echo === undefined ? {} : { leakDb: room.echo }),
      ...(room.echo_delay === undefined ? {} : { leakDelayMs: room.echo_delay }),
    },
    ears: (_, air) => {
      const streams = scenario.streaming_ears;
      const first = createSimulatedEars({ clock, room: air, language, streams, faults: faultsInOrder(ears) });
      return createSpeechToTextChain([first], { id: 'ears', clock, timers: clock });
    },
    voice: () => {
      const first = createSimulatedVoice({ clock, faults: faultsInOrder(voice) });
      const second = createSimulatedVoice({ clock, id: 'fake_second_voice' });
      const voices = scenario.second_voice ? [first, second] : [first];
      return createTextToSpeechChain(voices, { id: 'voice', clock, timers: clock });
    },
    talk: {
      dialogue:
        replies === 'kiosk'
          ? kiosk(() => clock.now())
          : createSimulatedMind({
              clock,
              faults: faultsInOrder(mind),
              answer: (_heard, history) => {
                const turn = history.filter(({ role }) => role === 'user').length;
                const heard = history.findLast(({ role }) => role === 'assistant')?.text ?? '';
                return (replies[turn] ?? (language === 'en' ? 'All right.' : '알겠어요.')).replace(
                  '{heard}',
                  heard,
                );
              },
            }),
    },
  });
  if (scenario.silent_client) talk.loudspeaker.fallSilent();
  return talk;
}

/** The kiosk's own dialogue; its state as the kiosk keeps it. */
function kiosk(now: () => number): Dialogue {
  const dialogue = createKioskDialogue({
    menu: () => menu,
    clock: { now },
    newOrderId: () => 'ord_simulated',
  });
  return {
    mind: dialogue.mind,
    async *respond(heard, context, signal) {
      for await (const event of dialogue.respond(heard, context, signal)) {
        if (event.type !== 'state') yield event;
        else yield { type: 'state', state: (event.state as KioskDialogueState).state };
      }
    },
  };
}

/** Lets time pass until a step may begin. */
async function reach({ into_reply, before_end, after }: TalkStep, talk: Simulation): Promise<boolean> {
  if (after !== undefined) {
    await talk.pass(after);
    return true;
  }
  if (into_reply === undefined && before_end === undefined) return talk.quiet(60_000);
  const played = () => talk.loudspeaker.played().reduce((sum, { playedMs }) => sum + playedMs, 0);
  const limitMs = talk.nowMs() + 30_000;
  while (!talk.loudspeaker.isPlaying && talk.nowMs() < limitMs) await talk.pass(10);
  const beforeMs = played();
  const isThere = () =>
    before_end === undefined
      ? played() - beforeMs >= into_reply!
      : talk.all('reply_done').length > 0 && talk.leftMs() <= before_end;
  while (!isThere() && talk.nowMs() < limitMs) await talk.pass(10);
  return isThere();
}

async function act({ say, cough, type, wait }: TalkStep, talk: Simulation): Promise<void> {
  if (say !== undefined) await talk.say(say);
  if (cough !== undefined) await talk.pass(talk.person.cough(cough));
  if (type !== undefined) talk.conversation.type(type);
  if (wait !== undefined) await talk.pass(wait);
}

interface PlayedStep {
  readonly step: TalkStep;
  /** When it began, when its last sound ended, and when the next one began. */
  readonly atMs: number;
  readonly endMs: number;
  readonly untilMs: number;
}

function check(
  { step, atMs, endMs, untilMs }: PlayedStep,
  talk: Simulation,
  measured: Record<keyof TalkStep['within'], number[]>,
): string[] {
  const faults: string[] = [];
  const isIn = (message: SentMessage) => message.atMs >= atMs && message.atMs < untilMs;
  const sent = <T extends SentMessage['type']>(type: T) => talk.all(type).filter(isIn);
  const finals = sent('transcript_final').filter(({ data }) => data.text !== '');
  const spoken = sent('audio_start')
    .map(({ data }) => data.text)
    .join(' ');
  type Told = string | boolean | undefined;
  const differs = (what: string, wanted: Told, is: Told) => {
    if (wanted !== undefined && wanted !== is) faults.push(`${what}: ${String(is)}, not ${String(wanted)}`);
  };
  if (step.heard !== undefined)
    differs('heard', [step.heard].flat().join(' | '), finals.map(({ data }) => data.text).join(' | '));
  if (step.taken_for !== undefined)
    differs('taken for', step.taken_for, sent('transcript_final').at(-1)?.data.kind ?? 'nothing');
  for (const text of step.says) if (!spoken.includes(text)) faults.push(`"${text}" is not said: ${spoken}`);
  for (const text of step.says_not) if (spoken.includes(text)) faults.push(`"${text}" is said: ${spoken}`);
  differs('ducked', step.ducked, sent('duck').length > 0);
  differs('stopped', step.stopped, sent('interrupted').length > 0);
  differs('finished', step.finished, sent('reply_done').length > 0 && sent('interrupted').length === 0);
  if (step.error !== undefined) differs('error', step.error, sent('error')[0]?.data.code);
  if (step.order !== undefined) {
    const { clock } = talk.world;
    const startedAt = clock.now() - clock.monotonicMs();
    const last = talk.kept.findLast(({ at }) => at - startedAt < untilMs);
    const state = last?.state as KioskState | undefined;
    const stands =
      state === undefined ? [] : linesOfOrder(toOrderData(menu, state.order, state.language), menu);
    const wanted = writeLines(
      step.order.map((line) => parseLine(line, menu)),
      menu,
    );
    differs('order', wanted.join('; '), stands.join('; '));
  }
  const firstSound = talk.sounds.find((sound) => sound.atMs >= endMs && sound.atMs < untilMs);
  const times = {
    first_sound: firstSound === undefined ? undefined : firstSound.atMs + NETWORK_MS - endMs,
    duck: minus(sent('duck')[0], atMs),
    stop: minus(sent('interrupted')[0], atMs),
    restore: minus(sent('restore').at(-1), endMs),
  };
  for (const [what, limitMs] of Object.entries(step.within) as [keyof typeof times, number][]) {
    const tookMs = times[what];
    if (tookMs === undefined) faults.push(`${what}: never`);
    else measured[what].push(tookMs);
    if (tookMs !== undefined && tookMs > limitMs)
      faults.push(`${what}: ${Math.round(tookMs)} of ${limitMs} ms`);
  }
  return faults;
}

function minus(message: SentMessage | undefined, atMs: number): number | undefined {
  return message === undefined ? undefined : message.atMs - atMs;
}

function named({ say, cough, type, wait }: TalkStep): string {
  if (say !== undefined) return `"${say}"`;
  if (type !== undefined) return `typed "${type}"`;
  return cough === undefined ? `a wait of ${wait ?? 0} ms` : `a cough of ${cough} ms`;
}
