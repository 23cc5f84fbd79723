import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export { buildPages } from './build-pages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 25_000;

/** The whole product, running. */
export interface Malbeot {
  /** `http://localhost:PORT`: browsers give a microphone to localhost. */
  readonly url: string;
  /** Everything it printed so far. */
  output(): string;
  /** The lines of its log that tell of trouble, for a test that failed. */
  troubles(): string;
  /** The first match in what it prints, waiting for it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends the process at once, as a power cut does; the data folder stays. */
  kill(): Promise<void>;
  /** Waits until the built-in voice has spoken once: its program starts at the first sound, which has 3 s. */
  warmVoice(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data. */
  start(): Promise<void>;
  /** Stops it in good order and deletes its data. */
  close(): Promise<void>;
}

export interface MalbeotOptions {
  /** More environment for the server. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the real server as a process of its own on a free port, with a data folder of its own. */
export async function startMalbeot({ env = {} }: MalbeotOptions = {}): Promise<Malbeot> {
  const data = await mkdtemp(join(tmpdir(), 'malbeot-test-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  let child: ChildProcess | undefined;
  let printed = '';

  async function start(): Promise<void> {
    const started = spawn(
      process.execPath,
      [
        '--conditions=malbeot:source',
        '--import',
        'tsx',
        'server/src/main.ts',
        'serve',
        '--port',
        String(port),
      ],
      {
        cwd: root,
        env: { ...cleanEnvironment(), MALBEOT_DATA: data, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child = started;
    const keep = (chunk: Buffer) => void (printed += chunk.toString());
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    await untilIt(() => answers(url), started, 'answer /api/ping');
  }

  async function untilIt(
    happens: () => Promise<boolean>,
    process: ChildProcess,
    what: string,
  ): Promise<void> {
    const endsAt = Date.now() + START_LIMIT_MS;
    while (!(await happens())) {
      if (process.exitCode !== null || process.signalCode !== null || Date.now() > endsAt) {
        throw new Error(`The server did not ${what}. It printed:\n${printed}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    const forced = setTimeout(() => ending.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(forced);
  }

  async function close(): Promise<void> {
    await end('SIGTERM');
    await rm(data, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    output: () => printed,
    troubles: () =>
      printed
        .split('\n')
        .filter((line) => /"level":"(warn|error|fatal)"/.test(line) || !line.startsWith('{'))
        .join('\n'),
    async printed(pattern) {
      let match: RegExpExecArray | null = null;
      const found = () => Promise.resolve((match = pattern.exec(printed)) !== null);
      await untilIt(found, child!, `print ${String(pattern)}`);
      return match!;
    },
    warmVoice: () => untilIt(() => speaks(url), child!, 'speak'),
    kill: () => end('SIGKILL'),
    start,
    close,
  };
}

/** Without the settings of whoever runs the tests: they try the product as it comes. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SYSTEMROOT'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.includes(name)));
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/ping`, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}

async function speaks(url: string): Promise<boolean> {
  const response = await fetch(`${url}/api/tts/synthesize`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: '네' }),
  });
  await response.arrayBuffer();
  return response.ok;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
