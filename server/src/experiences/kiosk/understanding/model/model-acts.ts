import { z } from 'zod';
import type { Menu } from '../../menu.ts';
import type { Act } from '../acts.ts';

/**
 * What a model's reading can come to. Nothing in here answers a question for the customer, finishes, cancels everything or
 * pays: for those a model has no words.
 */
export type ModelAct = Act & { readonly type: 'add' | 'unsure' | 'remove' | 'change' | 'replace' | 'ask' };

/** More acts than one breath holds: such an answer is no reading. */
export const MOST_ACTS = 12;
/** Menus with more items are not listed in the schema; the check afterwards is the same. */
const MOST_LISTED = 150;

const QUESTIONS = ['price', 'have', 'contents', 'allergy', 'spicy', 'menu', 'popular'] as const;
const ACTS = ['add', 'remove', 'set_quantity', 'set_options', 'replace', 'ask', 'unknown'] as const;

const proposalSchema = z.object({
  act: z.enum(ACTS),
  item: z.string().max(64).nullish().default(null),
  /** For `replace`: what it stands instead of. */
  from: z.string().max(64).nullish().default(null),
  quantity: z.int().min(1).max(1_000_000).nullish().default(null),
  /** `group:choice`. */
  options: z.array(z.string().max(130)).max(20).nullish().default([]),
  question: z.enum(QUESTIONS).nullish().default(null),
});

/** One act as a model proposes it: of the right shape, and nothing else is known of it yet. */
export type Proposal = z.infer<typeof proposalSchema>;

/**
 * What is of the right shape in a model's answer; what is not is left out. Null for an answer that is no JSON, or holds more
 * acts than anyone says.
 */
export function readProposals(answer: string): readonly Proposal[] | null {
  const value = parseObject(answer);
  if (value === null || !('acts' in value) || !Array.isArray(value.acts) || value.acts.length > MOST_ACTS) {
    return null;
  }
  return value.acts.flatMap((act: unknown) => {
    const read = proposalSchema.safeParse(act);
    return read.success ? [read.data] : [];
  });
}

/** Models like to put their JSON between other things. */
function parseObject(answer: string): object | null {
  const from = answer.indexOf('{');
  const to = answer.lastIndexOf('}');
  if (from < 0 || to < from) return null;
  try {
    const value: unknown = JSON.parse(answer.slice(from, to + 1));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The JSON schema of an answer, with the ids of the menu as its only words. */
export function answerSchema(menu: Menu): Readonly<Record<string, unknown>> {
  const choices = Object.entries(menu.option_groups).flatMap(([groupId, group]) =>
    group.choices.map((choice) => `${groupId}:${choice.id}`),
  );
  const items = menu.items.map((item) => item.item_id);
  const isListed = items.length + choices.length <= MOST_LISTED;
  const item = { type: ['string', 'null'], ...(isListed ? { enum: [...items, null] } : {}) };
  const option = { type: 'string', ...(isListed && choices.length > 0 ? { enum: choices } : {}) };
  const properties = {
    act: { type: 'string', enum: ACTS },
    item,
    from: item,
    quantity: { type: ['integer', 'null'] },
    options: { type: 'array', items: option },
    question: { type: ['string', 'null'], enum: [...QUESTIONS, null] },
  };
  const act = { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
  return {
    type: 'object',
    properties: { acts: { type: 'array', items: act } },
    required: ['acts'],
    additionalProperties: false,
  };
}
