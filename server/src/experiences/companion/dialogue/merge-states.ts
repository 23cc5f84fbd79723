import { readState, type CompanionState } from './state.ts';

/**
 * What `theirs` becomes by a turn that made `mine` of `base`, while other turns made `theirs` of it: nothing that either learned is
 * lost, and what both changed is as in `mine`. `mine` where one of them is no state of this version.
 */
export function mergeStates(base: unknown, mine: unknown, theirs: unknown): unknown {
  const [before, after, other] = [readState(base), readState(mine), readState(theirs)];
  if (after === null || other === null) return mine;
  const { turns, name, facts } = before ?? { turns: 0, name: null, facts: {} };
  const merged: CompanionState = {
    ...after,
    turns: other.turns + after.turns - turns,
    name: after.name === name ? other.name : after.name,
    facts: { ...other.facts, ...changed(facts, after.facts) },
    wordings: { ...other.wordings, ...after.wordings },
  };
  return merged;
}

function changed(before: CompanionState['facts'], after: CompanionState['facts']): CompanionState['facts'] {
  return Object.fromEntries(Object.entries(after).filter(([what, value]) => before[what] !== value));
}
