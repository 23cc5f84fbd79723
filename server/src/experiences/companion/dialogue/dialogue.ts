import type { Dialogue, DialogueContext, DialogueEvent, Said } from '../../../conversation/dialogue.ts';
import type { Heard } from '../../../conversation/heard.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { RandomBytes } from '../../../lib/ids.ts';
import { sentencesOf, unheardOf } from './heard-part.ts';
import type { ModelTalk } from './model.ts';
import { createWording, type RuleReply, type RuleTurn } from './rule.ts';
import { answerByRules } from './rules.ts';
import { FIRST_STATE, readState, type CompanionState } from './state.ts';
import { readWords } from './words.ts';

export interface CompanionDialogueOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Drawn from for wordings, dice and the like. */
  readonly random: RandomBytes;
  /** Where the clock on the wall hangs; `Asia/Seoul` when absent. */
  readonly timeZone?: string;
  /** Asked what no rule knows; null: the rules alone. */
  readonly model: ModelTalk | null;
}

/**
 * The companion's part of a talk: rules, and behind them a language model where there is one. Pure: state in, state out. The state
 * comes last, so that a reply that is cut short leaves the state as it was.
 */
export function createCompanionDialogue(options: CompanionDialogueOptions): Dialogue {
  const { clock, random, timeZone = 'Asia/Seoul', model } = options;

  function turnOf(heard: Heard, context: DialogueContext, state: CompanionState): RuleTurn {
    const words = readWords(heard.text, context.language.startsWith('en') ? 'en' : 'ko');
    const taken = { ...state.wordings };
    const draw = (count: number) => drawFrom(random, count);
    const say = createWording({ language: words.language, draw, taken });
    const { history = [] } = context;
    return { ...words, state, history, now: clock.now(), timeZone, draw, taken, say };
  }

  return {
    get mind() {
      return model === null || model.id === null ? 'rules' : `rules+${model.id}`;
    },
    async *respond(heard, context, signal) {
      const before = readState(context.state) ?? FIRST_STATE;
      const state = { ...before, unheard: unheardNow(before, context.history) };
      const turn = turnOf(heard, context, state);
      const reply = answerByRules(turn);
      if (reply.emotion !== undefined) yield { type: 'emotion', ...reply.emotion };
      if (reply.isGuess === true && model !== null) {
        const said = yield* fromModel(model, turn, reply, signal);
        yield {
          type: 'state',
          state: stateAfter(turn, said.isOfModel ? learned(said.text, reply) : reply, said.mind),
        };
        return;
      }
      yield* deltasOf(reply.text);
      yield { type: 'state', state: stateAfter(turn, reply, 'rules') };
    },
  };
}

interface ModelSaid {
  readonly text: string;
  readonly mind: string;
  readonly isOfModel: boolean;
}

/** The model's words as they come; those of the rules where it has none in time. */
async function* fromModel(
  model: ModelTalk,
  { text, language, history, state: { name } }: RuleTurn,
  reply: RuleReply,
  signal: AbortSignal,
): AsyncGenerator<DialogueEvent, ModelSaid, void> {
  let said = '';
  let mind = 'rules';
  for await (const part of model.answer(
    { text, language, history, name: reply.state?.name ?? name },
    signal,
  )) {
    mind = part.provider;
    said += part.text;
    yield { type: 'text-delta', text: part.text };
  }
  if (said !== '') return { text: said.trim(), mind, isOfModel: true };
  yield* deltasOf(reply.text);
  return { text: reply.text, mind: 'rules', isOfModel: false };
}

/** Words of a model, with what the rules learned of the person. */
function learned(text: string, { state }: RuleReply): RuleReply {
  return state === undefined ? { text } : { text, state };
}

/** Sentence by sentence, so that the voice can begin with the first. */
function* deltasOf(text: string): Generator<DialogueEvent, void, void> {
  for (const [index, sentence] of sentencesOf(text).entries()) {
    yield { type: 'text-delta', text: index === 0 ? sentence : ` ${sentence}` };
  }
}

function stateAfter(turn: RuleTurn, reply: RuleReply, mind: string): CompanionState {
  const { state, taken } = turn;
  return {
    ...state,
    ...reply.state,
    turns: state.turns + 1,
    lastReply: reply.text,
    asked: reply.asked ?? null,
    wordings: taken,
    mind,
  };
}

/** What is left of a story is kept until it is told or another one is cut short. */
function unheardNow(state: CompanionState, history: readonly Said[] | undefined): string | null {
  if (history === undefined || state.lastReply === '') return state.unheard;
  const last = history.at(-1);
  const heard = last?.role === 'assistant' ? last.text : '';
  return unheardOf(state.lastReply, heard) ?? state.unheard;
}

function drawFrom(random: RandomBytes, count: number): number {
  const [high = 0, low = 0] = random(2);
  return ((high << 8) | low) % count;
}
