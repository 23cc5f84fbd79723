import type { SpeechSocket } from './speech-socket.ts';

/** Connections between two turns. */
export interface IdleSockets {
  /** One that is still open; undefined when there is none. */
  take(): SpeechSocket | undefined;
  /** Keeps it for the next turn, or ends it where enough are kept. */
  keep(socket: SpeechSocket): void;
  /** Ends all, and all that come later. Idempotent. */
  close(): void;
}

/**
 * @param most How many are kept.
 * @param idleMs Milliseconds after which one that nobody took is ended.
 */
export function createIdleSockets(most: number, idleMs: number): IdleSockets {
  const idle = new Map<SpeechSocket, NodeJS.Timeout>();
  let isClosed = false;

  const remove = (socket: SpeechSocket) => {
    clearTimeout(idle.get(socket));
    idle.delete(socket);
  };

  return {
    take() {
      // The last one that came back has had the least time to die.
      for (const socket of [...idle.keys()].reverse()) {
        remove(socket);
        if (socket.isOpen) return socket;
        socket.end();
      }
      return undefined;
    },
    keep(socket) {
      if (isClosed || idle.size >= most || !socket.isOpen) return socket.end();
      const timer = setTimeout(() => {
        idle.delete(socket);
        socket.end();
      }, idleMs);
      timer.unref();
      idle.set(socket, timer);
    },
    close() {
      isClosed = true;
      for (const socket of idle.keys()) {
        remove(socket);
        socket.end();
      }
    },
  };
}
