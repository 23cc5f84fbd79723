/** What is known of a turn when its answer comes. */
export interface AnsweredTurn {
  /** False for one that was asked for before the page was loaded anew. */
  readonly wasAsked: boolean;
  /** True when nothing of it is said aloud: somebody spoke over it, or an apology was said in its place. */
  readonly isUnsaid: boolean;
}

/** Turns whose answers are on their way, by their ids. */
export interface AskedTurns {
  ask(turnId: string): void;
  /** Somebody spoke over it; its answer still comes. */
  cut(turnId: string): void;
  /** All that is said of it was said. True when it was asked and never answered; its answer may still come, unsaid. */
  end(turnId: string): boolean;
  answer(turnId: string): AnsweredTurn;
  /** Forgets all; gives how many were not answered. */
  clear(): number;
}

export function createAskedTurns(): AskedTurns {
  const asked = new Set<string>();
  const unsaid = new Set<string>();
  return {
    ask: (turnId) => void asked.add(turnId),
    cut(turnId) {
      if (asked.has(turnId)) unsaid.add(turnId);
    },
    end(turnId) {
      if (!asked.delete(turnId)) return false;
      unsaid.add(turnId);
      return true;
    },
    answer: (turnId) => ({ wasAsked: asked.delete(turnId), isUnsaid: unsaid.delete(turnId) }),
    clear() {
      const { size } = asked;
      asked.clear();
      unsaid.clear();
      return size;
    },
  };
}
