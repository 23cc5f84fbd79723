import type { KioskTurnRequest, ServerResponse } from '@malbeot/protocol';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;

/** The whole server as a process of its own, with a data folder of its own. */
export interface MalbeotProcess {
  readonly url: string;
  readonly port: number;
  /** Its data folder. */
  readonly data: string;
  pid(): number;
  /** Everything it printed so far. */
  output(): string;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly ms: number }>;
  /** Ends it and deletes its data. */
  close(): Promise<void>;
  turn(body: KioskTurnRequest, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  upload(sound: Uint8Array, fields?: Readonly<Record<string, string>>): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly body: ServerResponse;
}

/** `settings`: environment of the server, on top of its defaults. */
export async function startMalbeotProcess(
  settings: Readonly<Record<string, string>> = {},
): Promise<MalbeotProcess> {
  const data = await mkdtemp(join(tmpdir(), 'malbeot-process-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
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
        env: { ...cleanEnvironment(), MALBEOT_DATA: data, ...settings },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child = started;
    const keep = (chunk: Buffer) => void (printed += chunk.toString());
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    const endsAt = Date.now() + START_LIMIT_MS;
    while (!(await answers(url))) {
      if (started.exitCode !== null || started.signalCode !== null || Date.now() > endsAt) {
        throw new Error(`The server did not start. It printed:\n${printed}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function end(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }> {
    const ending = child!;
    if (ending.exitCode !== null || ending.signalCode !== null) return { code: ending.exitCode, ms: 0 };
    const startedMs = performance.now();
    const exited = once(ending, 'exit');
    ending.kill(signal);
    const forced = setTimeout(() => ending.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(forced);
    return { code: ending.exitCode, ms: performance.now() - startedMs };
  }

  const post = async (init: RequestInit): Promise<Reply> => {
    const response = await fetch(`${url}/api/voice/process`, { method: 'POST', ...init });
    return { status: response.status, body: (await response.json()) as ServerResponse };
  };

  const server: MalbeotProcess = {
    url,
    port,
    data,
    pid: () => child!.pid!,
    output: () => printed,
    start,
    end,
    async close() {
      if (child !== undefined) await end('SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
    turn: (body, headers = {}) =>
      post({ headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }),
    upload(sound, fields = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('audio_file', new Blob([new Uint8Array(sound)]), 'utterance.wav');
      return post({ body: form });
    },
  };
  try {
    await start();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

/** Processes below `pid`, at any depth, with their command lines. Linux only. */
export function descendants(pid: number): { readonly pid: number; readonly command: string }[] {
  const folder = `/proc/${pid}/task`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((thread) => {
    const children = readIfThere(`${folder}/${thread}/children`).split(' ').filter(Boolean).map(Number);
    return children.flatMap((child) => [
      { pid: child, command: readIfThere(`/proc/${child}/cmdline`).replaceAll('\0', ' ') },
      ...descendants(child),
    ]);
  });
}

/** True until the process has ended; one that only waits to be counted by its parent has. */
export function isRunning(pid: number): boolean {
  const state = /^State:\t(\w)/m.exec(readIfThere(`/proc/${pid}/status`))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

/** Without the settings of whoever runs the tests. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SYSTEMROOT'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.includes(name)));
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/ping`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
