import { HostError, type FromChild, type ToChild } from './child-host-channel.ts';

/** Does what a request asks for. @throws {HostError} that tells the server what is wrong; anything else is `failed`. */
export type Perform<Request, Part> = (request: Request) => Promise<Part>;

/**
 * Makes this process the child of a server: answers each request with one part that `perform` makes, or with why it can't. Nothing
 * is called off: for work of milliseconds.
 */
export function answerServer<Request, Part>(perform: Perform<Request, Part>): void {
  const send = (message: FromChild<Part>) => void process.send?.(message, undefined, undefined, () => {});

  async function answer(id: number, request: Request): Promise<void> {
    try {
      send({ type: 'part', id, part: await perform(request) });
      send({ type: 'end', id });
    } catch (error) {
      const kind = error instanceof HostError ? error.kind : 'failed';
      send({ type: 'error', id, kind, message: error instanceof Error ? error.message : String(error) });
    }
  }

  process.on('message', (message: ToChild<Request>) => {
    if (message.type === 'request') void answer(message.id, message.request);
  });
  // Without its server the host has nothing to do.
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole process group; the server decides when its host ends.
  process.on('SIGINT', () => {});

  send({ type: 'ready' });
}
