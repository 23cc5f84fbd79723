import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { FromChild, OpenHostChannel } from './child-host-channel.ts';
import { childEnvironment, SMALL_NODE, watchChild } from './child-host-process.ts';

export interface ForkOptions {
  /** The program, `.js` or, when we run from source, `.ts`. */
  readonly entry: URL;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A channel to a Node program of ours over IPC, which carries typed arrays as they are. Its standard output is dropped,
 * so native libraries may print what they like.
 */
export function forkChannel<Request, Part>({
  entry,
  args = [],
  env,
}: ForkOptions): OpenHostChannel<Request, Part> {
  return (events) => {
    const child = fork(fileURLToPath(entry), args, {
      serialization: 'advanced',
      execArgv: [...SMALL_NODE, ...(entry.pathname.endsWith('.ts') ? fromSource() : [])],
      env: childEnvironment(env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.on('message', (message) => events.message(message as FromChild<Part>));
    watchChild(child, (reason, stderr) => events.closed(reason, stderr));
    return {
      pid: child.pid,
      send: (message) => {
        // The callback takes the error that would otherwise be thrown; the end of the child is what tells of it.
        if (child.connected) child.send(message, () => {});
      },
      end: () => {
        if (child.connected) child.disconnect();
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

function fromSource(): string[] {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return ['--import', tsx, '--conditions=malbeot:source'];
}
