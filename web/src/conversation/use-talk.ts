import { useEffect, useState, useSyncExternalStore } from 'react';
import type { TalkSession } from './talk-session.ts';
import { startTalkState, type TalkState } from './talk-state.ts';

interface Talk {
  readonly state: TalkState;
  /** Null before the first paint. */
  readonly session: TalkSession | null;
}

/** A conversation for as long as the component is there, and its state. Another one begins when `make` changes. */
export function useTalk(make: () => TalkSession): readonly [TalkState, TalkSession | null] {
  const [store] = useState(createTalkStore);
  useEffect(() => store.hold(make()), [store, make]);
  const { state, session } = useSyncExternalStore(store.subscribe, store.read);
  return [state, session];
}

/** The conversation that a component has at the moment. */
function createTalkStore() {
  const listeners = new Set<() => void>();
  let talk: Talk = { state: startTalkState('hands-free'), session: null };

  function show(next: Talk): void {
    talk = next;
    for (const listener of listeners) listener();
  }

  return {
    read: () => talk,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Opens it; gives the way to let it go. */
    hold(session: TalkSession) {
      const unsubscribe = session.subscribe(() => show({ state: session.state, session }));
      show({ state: session.state, session });
      session.open();
      return () => {
        unsubscribe();
        session.close();
      };
    },
  };
}
