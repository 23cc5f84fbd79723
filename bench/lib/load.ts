import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasProgram } from './processes.ts';

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Answers other than 2xx and 3xx, and socket errors. */
  readonly errors: number;
}

/** What `wrk` posts; absent for a GET. */
export interface LoadBody {
  readonly mediaType: string;
  readonly text: string;
}

/** Loads `url` with 32 connections for `seconds` by the program `wrk`, on the second core where there is one. */
export async function load(url: string, seconds: number, body?: LoadBody): Promise<LoadResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'malbeot-wrk-'));
  try {
    const args = ['-t1', '-c32', `-d${seconds}s`];
    if (body !== undefined) {
      const script = path.join(folder, 'post.lua');
      await writeFile(
        script,
        `wrk.method = "POST"\nwrk.body = [[${body.text}]]\nwrk.headers["content-type"] = "${body.mediaType}"\n`,
      );
      args.push('-s', script);
    }
    const output = await capture([
      ...(hasProgram('taskset') ? ['taskset', '-c', '1'] : []),
      'wrk',
      ...args,
      url,
    ]);
    const bad = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0);
    const socket = [...output.matchAll(/(?:connect|read|write|timeout) (\d+)/g)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    );
    return {
      requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? 0),
      errors: bad + socket,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function capture([program, ...args]: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
