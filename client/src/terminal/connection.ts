import type { KioskMenu } from '@malbeot/protocol';

import { MalbeotError } from '../malbeot-error.ts';
import type { KioskStore } from './kiosk-store.ts';
import { wordsOf } from './words-of.ts';

const LOOK_AGAIN_MS = 3000;

/** Knows whether the server can be reached, and looks again until it can. */
export interface Connection {
  /** Fetches the menu, and with it finds out whether the server is there; says why not. */
  open(): Promise<'unreachable' | 'not-allowed' | null>;
  /** Something could not be sent: looks again from time to time. */
  lost(): void;
  close(): void;
}

export function createConnection(
  store: KioskStore,
  fetchMenu: (options: { readonly signal: AbortSignal }) => Promise<KioskMenu>,
): Connection {
  const { dispatch } = store;
  const life = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function lost(): void {
    if (store.state.connection !== 'offline') dispatch({ type: 'connection', connection: 'offline' });
    if (life.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => void lookAgain(), LOOK_AGAIN_MS);
    timer.unref();
  }

  async function lookAgain(): Promise<void> {
    // A turn may have got through meanwhile.
    if (store.state.connection !== 'offline' || life.signal.aborted) return;
    if ((await look()) !== null) return lost();
    dispatch({ type: 'notice', text: wordsOf(store.state.language).backOnline });
  }

  /** What went wrong, or null. */
  async function look(): Promise<unknown> {
    try {
      dispatch({ type: 'menu', menu: await fetchMenu({ signal: life.signal }) });
      dispatch({ type: 'connection', connection: 'online' });
      return null;
    } catch (error) {
      return error;
    }
  }

  return {
    lost,
    async open() {
      const error = await look();
      if (error === null || life.signal.aborted) return null;
      const words = wordsOf(store.state.language);
      dispatch({ type: 'menu-failed' });
      if (isNotAllowed(error)) {
        dispatch({ type: 'problem', text: words.notAllowed });
        return 'not-allowed';
      }
      dispatch({ type: 'problem', text: words.unreachable(store.state.server) });
      lost();
      return 'unreachable';
    },
    close() {
      life.abort();
      clearTimeout(timer);
    },
  };
}

/** Whether the server does not know this device. */
export function isNotAllowed(error: unknown): boolean {
  return error instanceof MalbeotError && (error.status === 401 || error.status === 403);
}
