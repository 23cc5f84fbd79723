import type { ChildProcess } from 'node:child_process';

const STDERR_KEPT = 2_000;

const CLOSE_LIMIT_MS = 50;

/** Variables that a child may see. Secrets of the server are not among them. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'NODE_V8_COVERAGE',
];

/** Flags that keep a small Node program small: 1 MB of young generation instead of 16. */
export const SMALL_NODE = ['--max-semi-space-size=1'];

/**
 * The environment of a child: a few harmless variables of ours, and `extra`. One malloc arena instead of eight a core
 * saves tens of megabytes in programs that copy sound about.
 */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const environment: Record<string, string> = { MALLOC_ARENA_MAX: '1' };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return { ...environment, ...extra };
}

/** Calls `closed` once when `child` is gone or never came to be, with the end of its standard error. */
export function watchChild(child: ChildProcess, closed: (reason: string, stderr: string) => void): void {
  let stderr = '';
  let told = false;
  const tell = (reason: string) => {
    if (told) return;
    told = true;
    process.off('exit', kill);
    closed(reason, stderr.trim());
  };
  // A child that hangs does not notice that its channel is gone; it must not outlive us either.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  child.once('error', (error) => {
    if (child.pid === undefined) tell(`could not be started: ${error.message}`);
  });
  // 'close' comes when all that was written before the end is read. It does not come after `disconnect`, nor while a
  // process that the child started keeps the pipes open.
  child.once('exit', (code, signal) => {
    const reason = signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
    const timer = setTimeout(() => tell(reason), CLOSE_LIMIT_MS);
    child.once('close', () => {
      clearTimeout(timer);
      tell(reason);
    });
  });
}
