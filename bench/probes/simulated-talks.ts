import { playRandomConversation } from '../../server/src/conversation/testing/random-conversation.ts';
import { talkFaultsOf } from '../../server/src/conversation/testing/talk-faults.ts';

export interface SimulatedTalksTask {
  /** Played before anything is measured. */
  readonly warmUp: number;
  readonly firstSeed: number;
  readonly count: number;
}

export interface SimulatedTalksMeasure {
  readonly ms: number;
  /** Seconds that passed in the talks. */
  readonly talkedSeconds: number;
  /** Talks that broke a rule that may never be broken. */
  readonly broken: number;
  /** Talks with a sound taken for another. */
  readonly misheard: number;
}

/** Plays whole conversations with a person, a room, a network and faults in virtual time, and holds each against the rules. */
export async function simulatedTalks(task: SimulatedTalksTask): Promise<SimulatedTalksMeasure> {
  const { warmUp, firstSeed, count } = task;
  for (let seed = 0; seed < warmUp; seed++) await playRandomConversation(firstSeed + count + seed);
  let talkedSeconds = 0;
  let broken = 0;
  let misheard = 0;
  const startMs = performance.now();
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const conversation = await playRandomConversation(seed);
    const { always, hearing } = talkFaultsOf(conversation);
    talkedSeconds += conversation.talk.nowMs() / 1_000;
    if (always.length > 0) broken++;
    if (hearing.length > 0) misheard++;
  }
  return { ms: performance.now() - startMs, talkedSeconds, broken, misheard };
}
