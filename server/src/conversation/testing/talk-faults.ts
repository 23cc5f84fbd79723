import { judgeInterjection } from '../../language/interjection.ts';
import type { RandomConversation } from './random-conversation.ts';
import type { PlayedSound } from './simulated-loudspeaker.ts';
import type { SentMessage, Simulation } from './simulation.ts';
import { timeSpoken } from './spoken-words.ts';

/** A stop word may take so long from the moment at which it is known. */
const STOP_WITHIN_MS = 100;
/** A duck is over so long after the sound that it was for, the way to the server not counted. */
const RESTORE_WITHIN_MS = 350;
/** And after so long at the latest, whatever sounds. */
const LONGEST_DUCK_MS = 4_000;
/** Who says "네" so shortly before the end may mean it for an answer. */
const ANSWER_MS = 1_500;
/** The first second of a reply goes at once, and six more ahead of the loudspeaker. */
const MOST_AHEAD_MS = 7_500;
const MOST_ON_THE_WAY = 600;

/** What is wrong with a conversation: one sentence a fault. */
export interface TalkFaults {
  /** What may never happen, whatever is heard. */
  readonly always: readonly string[];
  /** What was taken for somebody who is not there, or missed: that can be told from a microphone's sound almost always only. */
  readonly hearing: readonly string[];
}

/** Holds a conversation against the rules of all conversations. */
export function talkFaultsOf(conversation: RandomConversation): TalkFaults {
  return {
    always: [
      ...endFaults(conversation),
      ...lostFaultsOf(conversation),
      ...aheadFaultsOf(conversation, MOST_AHEAD_MS),
      ...duckFaults(conversation),
      ...(conversation.isClientSilent ? [] : historyFaultsOf(conversation.talk, conversation.speechRate)),
    ],
    hearing: [...heardFaults(conversation), ...interruptionFaults(conversation)],
  };
}

/** Sounds out of order, and words that nobody answered: those of the rules that hold however late a busy machine is. */
export function lostFaultsOf(conversation: RandomConversation): readonly string[] {
  return [...soundFaults(conversation), ...answerFaults(conversation)];
}

function endFaults({ talk, cameToRest, timersLeft }: RandomConversation): string[] {
  const faults: string[] = [];
  if (!cameToRest) faults.push('It never came to rest.');
  if (timersLeft > 0) faults.push(`${timersLeft} timers are left.`);
  if (talk.sentTooLate > 0) faults.push(`${talk.sentTooLate} messages left after the end.`);
  if (talk.downlink.mostOnTheWay > MOST_ON_THE_WAY)
    faults.push(`${talk.downlink.mostOnTheWay} messages were on their way at once.`);
  return faults;
}

/** Sounds come in order, one voice at a time, and never after they were stopped. */
function soundFaults({ talk }: RandomConversation): string[] {
  const faults: string[] = [];
  const turnOf = new Map<number, string>();
  const stopped = new Set<string>();
  let current = 0;
  let sequence = 0;
  let message = 0;
  const take = (upTo: number) => {
    for (; message < upTo; message++) {
      const sent = talk.sent[message]!;
      if (sent.type === 'interrupted') stopped.add(sent.data.turn_id);
      if (sent.type !== 'audio_start') continue;
      const { audio_id: audioId, turn_id: turnId } = sent.data;
      if (audioId <= current) faults.push(`Sound ${audioId} begins after sound ${current}.`);
      if (stopped.has(turnId)) faults.push(`Sound ${audioId} begins after its turn ${turnId} was stopped.`);
      turnOf.set(audioId, turnId);
      current = audioId;
      sequence = 0;
    }
  };
  for (const sound of talk.sounds) {
    take(sound.messagesBefore);
    if (sound.audioId !== current) faults.push(`Sound ${sound.audioId} goes on while ${current} sounds.`);
    if (sound.sequence !== sequence++)
      faults.push(`Sound ${sound.audioId} has a gap before ${sound.sequence}.`);
    if (stopped.has(turnOf.get(sound.audioId) ?? ''))
      faults.push(`Sound ${sound.audioId} goes on after it was stopped.`);
  }
  return [...new Set(faults)];
}

/** No more than `mostMs` of sound waits at the loudspeaker, which the server can't know better than the loudspeaker tells. */
export function aheadFaultsOf({ talk, isClientSilent }: RandomConversation, mostMs: number): string[] {
  const aheadMs = Math.max(0, ...talk.sounds.map((sound) => sound.aheadMs));
  return isClientSilent || aheadMs <= mostMs ? [] : [`${Math.round(aheadMs)} ms of sound were sent ahead.`];
}

/** What was said to be answered is heard, and nothing is made up. */
function heardFaults({ talk, asked, bargeIns, faults: broken }: RandomConversation): string[] {
  const faults: string[] = [];
  const finals = talk.all('transcript_final');
  const heard = finals.filter(({ data }) => data.kind === 'words');
  const said = new Set(talk.person.acts.flatMap(({ text }) => text.split(' ')));
  for (const { data } of finals) {
    const madeUp = data.text.split(' ').filter((word) => word !== '' && !said.has(word));
    if (madeUp.length > 0 && data.kind !== 'echo')
      faults.push(`Nobody said "${madeUp.join(' ')}" of "${data.text}" (${data.kind}).`);
  }
  const all = heard.map(({ data }) => data.text).join(' | ');
  if (!broken.ears) {
    const must = [
      ...asked,
      ...bargeIns.filter(({ kind }) => kind === 'words' || kind === 'stop').map(({ text }) => text),
    ];
    for (const text of must) if (!all.includes(text)) faults.push(`"${text}" was not heard: ${all}.`);
  }
  return faults;
}

/** What is heard is answered, and so is what is typed. */
function answerFaults({ talk, typed }: RandomConversation): string[] {
  const faults: string[] = [];
  const finals = talk.all('transcript_final');
  const heard = finals.filter(({ data }) => data.kind === 'words');
  const answered = new Set([
    ...talk.all('reply_done').map(({ data }) => data.turn_id),
    ...talk.all('interrupted').map(({ data }) => data.turn_id),
  ]);
  const last = heard.at(-1);
  for (const { data } of heard) {
    const isTakenBack = finals.some(
      (later) =>
        later !== undefined && later.data.turn_id !== data.turn_id && later.data.text.startsWith(data.text),
    );
    if (!answered.has(data.turn_id) && !isTakenBack)
      faults.push(`"${data.text}" (${data.turn_id}) was not answered.`);
  }
  if (last !== undefined && !talk.kept.some(({ turnId }) => turnId === last.data.turn_id))
    faults.push(`The last words "${last.data.text}" were not kept.`);
  for (const text of typed)
    if (!talk.kept.some(({ heard: words }) => words.source === 'text' && words.text === text))
      faults.push(`The typed "${text}" was lost.`);
  return faults;
}

function duckFaults({ talk, oneWayMs }: RandomConversation): string[] {
  const faults: string[] = [];
  let duckedAtMs: number | undefined;
  for (const message of [...talk.sent, undefined]) {
    const isEnd = message === undefined || message.type === 'restore' || message.type === 'interrupted';
    if (duckedAtMs !== undefined && isEnd) {
      const tookMs = (message?.atMs ?? Infinity) - duckedAtMs;
      const untilMs = message?.atMs ?? Infinity;
      const ends = talk.person.acts.filter(({ startMs }) => startMs <= untilMs).map(({ endMs }) => endMs);
      const soundMs = Math.max(0, Math.max(0, ...ends) - duckedAtMs);
      const limitMs = Math.min(LONGEST_DUCK_MS, soundMs + 2 * oneWayMs + RESTORE_WITHIN_MS);
      if (tookMs > limitMs)
        faults.push(
          `The duck at ${Math.round(duckedAtMs)} ms lasted ${Math.round(tookMs)} of at most ${Math.round(limitMs)} ms.`,
        );
      duckedAtMs = undefined;
    }
    if (message?.type === 'duck') duckedAtMs = message.atMs;
  }
  return faults;
}

function interruptionFaults(conversation: RandomConversation): string[] {
  const { talk, bargeIns, known, interrupts, oneWayMs, isHandsFree, faults: broken } = conversation;
  if (!isHandsFree) return [];
  const faults: string[] = [];
  const stops = talk.all('interrupted');
  const stopsIn = (fromMs: number, toMs: number): SentMessage | undefined =>
    stops.find(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  for (const { kind, text, startMs, endMs, leftMs } of bargeIns) {
    // Nobody is cut off who is not speaking, or has nearly finished.
    if (leftMs < ANSWER_MS) continue;
    if (kind === 'cough' || kind === 'backchannel') {
      const stop = stopsIn(startMs, endMs + oneWayMs + 600);
      if (stop !== undefined && !interrupts.includes(stop.atMs))
        faults.push(`A ${kind} "${text}" at ${Math.round(startMs)} ms stopped the voice.`);
    }
    if (kind !== 'stop' || broken.ears) continue;
    const moment = known.find(
      ({ atMs, text: words }) => atMs >= startMs && judgeInterjection(words, 'ko') === 'stop',
    );
    const stop = stopsIn(startMs, endMs + 2_000);
    if (moment === undefined) faults.push(`The ears never knew "${text}" at ${Math.round(startMs)} ms.`);
    else if (stop === undefined || stop.atMs > moment.atMs + STOP_WITHIN_MS)
      faults.push(
        `"${text}", known at ${Math.round(moment.atMs)} ms, stopped the voice at ${stop === undefined ? 'no time' : Math.round(stop.atMs)}.`,
      );
  }
  return faults;
}

/** What is kept as heard is what was heard, give or take a word. */
export function historyFaultsOf(talk: Simulation, speechRate = 1): string[] {
  const faults: string[] = [];
  const played = talk.loudspeaker.played();
  for (const { turnId, replyHeard, interrupted } of talk.kept) {
    const sounds = played.filter((sound) => sound.turnId === turnId);
    if (sounds.length === 0) continue;
    const kept = countWords(replyHeard);
    const { least, most } = wordsHeard(sounds, speechRate);
    if (kept < least - 1 || kept > most + 1)
      faults.push(
        `Of ${turnId}${interrupted ? ', which was cut,' : ''} ${least} words were heard, ${kept} are kept.`,
      );
  }
  return faults;
}

/** Begun words count in `most`, ended ones in `least`. */
function wordsHeard(
  sounds: readonly PlayedSound[],
  speechRate: number,
): { readonly least: number; readonly most: number } {
  let least = 0;
  let most = 0;
  for (const { text, playedMs } of sounds) {
    for (const { startMs, endMs } of timeSpoken(text).words) {
      if (endMs / speechRate <= playedMs + 1) least++;
      if (startMs / speechRate < playedMs) most++;
    }
  }
  return { least, most };
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
