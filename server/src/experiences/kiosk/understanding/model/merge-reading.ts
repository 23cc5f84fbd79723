import type { Act, Understanding } from '../acts.ts';
import type { ModelAct } from './model-acts.ts';

/** What rules make of words and a model may add to. Anything else is the customer's own decision and is done as it was heard. */
const OPEN: ReadonlySet<Act['type']> = new Set([
  'add',
  'remove',
  'change',
  'replace',
  'loose',
  'ask',
  'category',
  'unsure',
  'unknown-item',
  'unknown',
  'yes',
  'no',
  'dine',
  'greeting',
  'thanks',
]);

/** Whether a model is worth asking: the rules are unsure, and heard nothing that must not wait or be added to. */
export function isWorthAsking({ acts, unsure }: Understanding): boolean {
  return unsure && acts.every(({ type }) => OPEN.has(type));
}

/**
 * The rules' acts with the model's in place of those that they were unsure of. What the rules are sure of stays, and about
 * items in it the model has no say. Without anything from the model it is the rules' row as it was.
 */
export function mergeReading(rules: readonly Act[], model: readonly ModelAct[]): readonly Act[] {
  const sure = rules.filter((act) => !isDoubtful(act));
  const decided = new Set(sure.flatMap(idsIn));
  const news = model.filter((act) => !idsIn(act).some((id) => decided.has(id)));
  if (news.length === 0) return rules;
  const doubtful = rules.filter(isDoubtful);
  // What the model has no answer to stays doubtful: `unknown` says nothing, a name that is not on the menu is told.
  const left = new Set(doubtful.slice(news.length).filter(({ type }) => type !== 'unknown'));
  const first = rules.findIndex(isDoubtful);
  return rules
    .flatMap((act, at): Act[] => {
      const here = at === first ? news : [];
      return isDoubtful(act) && !left.has(act) ? [...here] : [...here, act];
    })
    .concat(first < 0 ? news : []);
}

function isDoubtful(act: Act): boolean {
  switch (act.type) {
    case 'unknown':
    case 'unknown-item':
    case 'unsure':
    case 'category':
      return true;
    case 'loose': {
      // A verb or a pointing word alone, about nothing that was understood.
      const { quantity, vague, more, options, drops, reference, parts, otherwise, intent } = act.said;
      return (
        quantity === null &&
        !vague &&
        !more &&
        (reference === null || intent === 'add') &&
        Object.keys(options).length + drops.length + parts.length + otherwise.length === 0
      );
    }
    default:
      return false;
  }
}

/** Items and choices that an act is about. */
function idsIn(act: Act): readonly string[] {
  switch (act.type) {
    case 'add':
    case 'remove':
    case 'change':
      return [act.item.itemId, ...optionIds(act.item.options)];
    case 'replace': {
      const from = act.fromItemId === null ? [] : [act.fromItemId];
      return [act.item.itemId, ...from, ...act.fromChoices.map(({ choiceId }) => choiceId)];
    }
    case 'unsure':
      return act.nearest;
    case 'ask':
      return act.itemId === null ? [] : [act.itemId];
    case 'loose':
      return optionIds(act.said.options);
    default:
      return [];
  }
}

function optionIds(options: Readonly<Record<string, string | readonly string[]>>): readonly string[] {
  return Object.values(options).flat();
}
