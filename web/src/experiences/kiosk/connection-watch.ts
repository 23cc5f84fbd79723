import { MalbeotError, type VoiceClient } from '@malbeot/client';
import type { KioskSession } from '@malbeot/protocol';
import { pause } from './pause.ts';

const FIRST_WAIT_MS = 1500;
const LONGEST_WAIT_MS = 8000;

export interface ConnectionWatchOptions {
  readonly client: Pick<VoiceClient, 'session' | 'menu'>;
  /** The server answers again; with the session as it keeps it, null when there is none (any more). */
  readonly onBack: (session: KioskSession | null) => void;
}

/** Looks for a server that was lost, until it is found or the signal aborts. */
export interface ConnectionWatch {
  /** Begins to look; does nothing while it looks already. */
  lost(signal: AbortSignal): void;
}

export function createConnectionWatch({ client, onBack }: ConnectionWatchOptions): ConnectionWatch {
  let looking = false;

  async function look(signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 1.5)) {
      await pause(waitMs, signal);
      if (signal.aborted) return;
      try {
        const session = await client.session({ signal });
        // Without a session nothing was asked of the server yet.
        if (session === null) await client.menu({ signal });
        signal.throwIfAborted();
        return onBack(session);
      } catch (error) {
        if (signal.aborted) return;
        // Any answer is an answer: the session may be over.
        if (error instanceof MalbeotError && !error.retryable) return onBack(null);
      }
    }
  }

  return {
    lost(signal) {
      if (looking) return;
      looking = true;
      void look(signal).finally(() => {
        looking = false;
      });
    },
  };
}
