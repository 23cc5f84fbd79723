import { spawn } from 'node:child_process';

import { AbortedError } from './abort.ts';
import { childEnvironment } from './child-host-process.ts';

export interface RunOptions {
  /** Program and arguments; no shell sees them. */
  readonly argv: readonly string[];
  /** For its standard input; none when null. */
  readonly input: Uint8Array | null;
  /** Time that it may take. */
  readonly limitMs: number;
  /** Bytes that it may print. */
  readonly mostBytes: number;
}

/** How a program ended. `printed` is its standard output as text, `complaint` the end of its standard error. */
export type RunOutcome =
  | { readonly type: 'exited'; readonly status: number; readonly printed: string; readonly complaint: string }
  | { readonly type: 'killed'; readonly signal: string; readonly complaint: string }
  | { readonly type: 'not_started'; readonly code: string }
  | { readonly type: 'too_long' }
  | { readonly type: 'too_much' };

const COMPLAINT_BYTES = 8_192;
/** Time for what was printed to be read once the program itself is gone: a child of its own may keep the pipes open. */
const READ_LIMIT_MS = 200;

/**
 * Runs a program to its end, in a process group of its own where the system has such: whatever it started is ended with it,
 * by a signal that can't be ignored, at the limit, when it prints too much, when `signal` aborts, and when this process leaves.
 *
 * @throws {AbortedError} when `signal` aborts.
 */
export function runProgram(
  { argv, input, limitMs, mostBytes }: RunOptions,
  signal: AbortSignal,
): Promise<RunOutcome> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new AbortedError(signal.reason));
    const [program = '', ...args] = argv;
    const isGroup = process.platform !== 'win32';
    let child: ReturnType<typeof start>;
    const start = () =>
      spawn(program, args, {
        detached: isGroup,
        windowsHide: true,
        env: childEnvironment(),
        stdio: ['pipe', 'pipe', 'pipe'],
      });
    try {
      child = start();
    } catch (error) {
      return resolve({ type: 'not_started', code: codeOf(error) });
    }

    const kill = () => {
      try {
        if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It is gone already.
      }
    };
    let settled = false;
    let readTimer: NodeJS.Timeout | undefined;
    const settle = (finish: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      clearTimeout(readTimer);
      signal.removeEventListener('abort', onAbort);
      process.off('exit', kill);
      // Also where it ended by itself: what it left running would keep on.
      kill();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      finish();
    };
    const end = (outcome: RunOutcome) => settle(() => resolve(outcome));
    const onAbort = () => settle(() => reject(new AbortedError(signal.reason)));
    const timer = setTimeout(() => end({ type: 'too_long' }), limitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    process.once('exit', kill);

    const printed: Buffer[] = [];
    let printedBytes = 0;
    let complaint = Buffer.alloc(0);
    child.stdout.on('data', (piece: Buffer) => {
      printedBytes += piece.length;
      if (printedBytes > mostBytes) end({ type: 'too_much' });
      else printed.push(piece);
    });
    child.stderr.on('data', (piece: Buffer) => {
      complaint = Buffer.concat([complaint, piece]).subarray(-COMPLAINT_BYTES);
    });
    // A program that reads no input closes it; that is its own affair.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
    child.stdin.end(input ?? undefined);

    child.once('error', (error) => {
      if (child.pid === undefined) end({ type: 'not_started', code: codeOf(error) });
    });
    child.once('exit', (status, killedBy) => {
      const tell = () =>
        end(
          status === null
            ? { type: 'killed', signal: killedBy ?? 'a signal', complaint: complaint.toString() }
            : {
                type: 'exited',
                status,
                printed: Buffer.concat(printed).toString(),
                complaint: complaint.toString(),
              },
        );
      readTimer = setTimeout(tell, READ_LIMIT_MS);
      child.once('close', tell);
    });
  });
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code ?? 'an unknown reason';
}
