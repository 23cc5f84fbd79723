import type { Said } from './dialogue.ts';

/** What was said in a conversation, of replies only what was heard. */
export interface History {
  /** Adds a turn. An empty text was not said and has no entry: so two things that a person said may follow each other. */
  add(turn: { readonly user: string; readonly assistant: string }): void;
  /** What was really heard of the last turn's reply. Empty: nothing was, and the entry goes. */
  correctLast(assistantHeard: string): void;
  /** Oldest first. The same array until something changes. */
  said(): readonly Said[];
}

interface Exchange {
  readonly user: string;
  readonly assistant: string;
}

const isEmpty = ({ user, assistant }: Exchange) => user === '' && assistant === '';

/** The last `limit` turns, beginning with those of `initial`. A turn is what a person said and the reply to it. */
export function createHistory(initial: readonly Said[], limit = 20): History {
  const exchanges: Exchange[] = exchangesOf(initial);
  let said: readonly Said[] | undefined;

  const changed = () => {
    if (exchanges.length > limit) exchanges.splice(0, exchanges.length - limit);
    said = undefined;
  };
  changed();

  return {
    add({ user, assistant }) {
      const last = exchanges.at(-1);
      if (last !== undefined && isEmpty(last)) exchanges.pop();
      exchanges.push({ user: user.trim(), assistant: assistant.trim() });
      changed();
    },
    correctLast(assistantHeard) {
      const last = exchanges.pop();
      if (last === undefined) return;
      exchanges.push({ user: last.user, assistant: assistantHeard.trim() });
      changed();
    },
    said() {
      said ??= exchanges.flatMap(entriesOf);
      return said;
    },
  };
}

function entriesOf({ user, assistant }: Exchange): Said[] {
  const entries: Said[] = [];
  if (user !== '') entries.push({ role: 'user', text: user });
  if (assistant !== '') entries.push({ role: 'assistant', text: assistant });
  return entries;
}

function exchangesOf(said: readonly Said[]): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const { role, text } of said) {
    const last = exchanges.at(-1);
    if (role === 'user') exchanges.push({ user: text, assistant: '' });
    else if (last === undefined || last.assistant !== '') exchanges.push({ user: '', assistant: text });
    else exchanges[exchanges.length - 1] = { ...last, assistant: text };
  }
  return exchanges;
}
