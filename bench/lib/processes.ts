import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** A server under measurement. */
export interface RunningServer {
  readonly name: string;
  readonly baseUrl: string;
  readonly pid: number;
  /** Milliseconds from the start of the program to its first answer. */
  readonly firstAnswerMs: number;
  stop(): Promise<void>;
}

/** True where `program` is on the path. */
export function hasProgram(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface ServerCommand {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  /** Asked until it answers 200. */
  readonly firstPath: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** On the first core alone, so that a load from the second one is not in its way; children inherit it. */
  readonly pinned?: boolean;
  /** Called once the process is gone. */
  readonly cleanUp?: () => Promise<void>;
}

/** Starts a server and waits for its first answer, at most 60 s. Pinned only where `taskset` is there. */
export async function startServer(command: ServerCommand): Promise<RunningServer> {
  const { name, program, args, port, firstPath, env = {}, cwd = root, pinned = false, cleanUp } = command;
  const full =
    pinned && hasProgram('taskset') ? ['taskset', '-c', '0', program, ...args] : [program, ...args];
  const startedAt = performance.now();
  const child = spawn(full[0]!, full.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4_000)));
  const baseUrl = `http://127.0.0.1:${port}`;
  while (performance.now() - startedAt < 60_000) {
    if (child.exitCode !== null) throw new Error(`${name} ended at its start:\n${errors}`);
    const answered = await fetch(baseUrl + firstPath).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) {
      const firstAnswerMs = performance.now() - startedAt;
      return { name, baseUrl, pid: child.pid!, firstAnswerMs, stop: () => stop(child, cleanUp) };
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await stop(child, cleanUp);
  throw new Error(`${name} did not answer within 60 s:\n${errors}`);
}

async function stop(child: ChildProcess, cleanUp: (() => Promise<void>) | undefined): Promise<void> {
  if (child.exitCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(late);
  }
  await cleanUp?.();
}

/** The product as `npm start` runs it, with an empty data folder and rate limits counted but never reached. */
export async function startMalbeot({
  pinned = false,
}: { readonly pinned?: boolean } = {}): Promise<RunningServer> {
  const port = await freePort();
  const data = await mkdtemp(path.join(tmpdir(), 'malbeot-bench-'));
  const limits = ['READS', 'TURNS_PER_KIOSK', 'TURNS_PER_ADDRESS'];
  return startServer({
    name: 'malbeot',
    program: process.execPath,
    args: ['server/dist/main.js', 'serve'],
    port,
    firstPath: '/api/ping',
    pinned,
    env: {
      PORT: String(port),
      MALBEOT_DATA: data,
      LOG_LEVEL: 'info',
      ...Object.fromEntries(limits.map((name) => [`RATE_LIMIT_${name}`, '1000000'])),
    },
    cleanUp: () => rm(data, { recursive: true, force: true }),
  });
}

/** A FastAPI file in `bench/peers`. */
export type FastApiPeer = 'fastapi_baseline' | 'fastapi_same_duties' | 'fastapi_speech';

/** One of the FastAPI peers; null where Python or FastAPI is missing. */
export async function startFastApi(file: FastApiPeer): Promise<RunningServer | null> {
  if (spawnSync('python3', ['-c', 'import fastapi, uvicorn, uvloop, httptools']).status !== 0) {
    // Debian installs its packages for its own interpreter, which another python3 on the path may hide.
    if (spawnSync('/usr/bin/python3', ['-c', 'import fastapi, uvicorn, uvloop, httptools']).status !== 0)
      return null;
    return startUvicorn('/usr/bin/python3', file);
  }
  return startUvicorn('python3', file);
}

async function startUvicorn(python: string, file: string): Promise<RunningServer> {
  const port = await freePort();
  const args = `-m uvicorn ${file}:app --port ${port} --loop uvloop --http httptools --no-access-log --log-level warning`;
  return startServer({
    name: file,
    program: python,
    args: args.split(' '),
    port,
    firstPath: '/fortune',
    // What starts programs of its own needs the other core as much as we do.
    pinned: file !== 'fastapi_speech',
    cwd: path.join(root, 'bench/peers'),
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
}

/** Node's bare HTTP server with a fixed answer of `bytes` bytes: the ceiling. */
export async function startBareNode(bytes: number): Promise<RunningServer> {
  const port = await freePort();
  const source = `const body = Buffer.alloc(${bytes}, 'x');
    require('node:http').createServer((_, reply) => reply.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)).listen(${port}, '127.0.0.1');`;
  return startServer({
    name: 'bare node:http',
    program: process.execPath,
    args: ['-e', source],
    port,
    firstPath: '/',
    pinned: true,
  });
}

/** Resident memory in megabytes of one process; null where this machine does not tell. */
export async function residentMegabytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(status)?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 102.4) / 10;
}

/** Resident memory in megabytes of a process and of each of its children, by what they run. */
export async function residentMemory(pid: number): Promise<Record<string, number>> {
  const memory: Record<string, number> = {};
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const program = /(speech-host|vad-host|turn-end-host|espeak-host|uvicorn)/.exec(commandLine)?.[1] ?? 'web';
  memory[program] = (await residentMegabytes(pid)) ?? 0;
  for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const children = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    for (const child of children.split(' ').filter(Boolean)) {
      for (const [name, megabytes] of Object.entries(await residentMemory(Number(child)))) {
        memory[name] = (memory[name] ?? 0) + megabytes;
      }
    }
  }
  return memory;
}
