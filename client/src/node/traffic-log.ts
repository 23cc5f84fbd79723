import { appendFile, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { TrafficEntry, TrafficLog } from '../traffic.ts';

export interface TrafficLogOptions {
  /** Made when it is not there. */
  readonly folder: string;
  /** Size at which a file is put aside and a new one begun. Default 1,000,000. */
  readonly maxBytes?: number | undefined;
  /** Files in all; the oldest is deleted. Default 5. */
  readonly maxFiles?: number | undefined;
  /** Told once when writing fails; requests go on all the same. */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Entries that may wait for the disk. More are dropped: a log must not fill the memory when the disk is slow. */
const WAITING_LIMIT = 1000;

/**
 * The log of traffic as JSON lines: `traffic.jsonl`, then `traffic.1.jsonl` and so on, the older the higher. It holds at most
 * `maxBytes` times `maxFiles`, and nothing of what was said, no key and no token.
 */
export function createTrafficLog(options: TrafficLogOptions): TrafficLog {
  const { folder, maxBytes = 1_000_000, maxFiles = 5, onError } = options;
  const pathOf = (age: number) => join(folder, age === 0 ? 'traffic.jsonl' : `traffic.${age}.jsonl`);
  let waiting: string[] = [];
  let writing: Promise<void> | null = null;
  /** Null until it was looked at. */
  let bytes: number | null = null;
  let failed = false;

  async function rotate(): Promise<void> {
    await rm(pathOf(maxFiles - 1), { force: true });
    for (let age = maxFiles - 2; age >= 0; age--) await rename(pathOf(age), pathOf(age + 1)).catch(ifMissing);
    bytes = 0;
  }

  async function append(text: string): Promise<void> {
    const size = Buffer.byteLength(text);
    const first = bytes === null;
    bytes ??= (await stat(pathOf(0)).catch(ifMissing))?.size ?? 0;
    if (bytes > 0 && bytes + size > maxBytes) await rotate();
    // A power cut may have left half a line.
    const separator = first && bytes > 0 ? '\n' : '';
    await appendFile(pathOf(0), separator + text, { mode: 0o600 });
    bytes += size + separator.length;
  }

  async function writeAll(): Promise<void> {
    try {
      await mkdir(folder, { recursive: true });
      while (waiting.length > 0) await append(takeWithin(maxBytes));
      failed = false;
    } catch (error) {
      waiting = [];
      bytes = null;
      if (!failed) onError?.(error as Error);
      failed = true;
    } finally {
      writing = null;
    }
  }

  /** As many lines as fit into one file, at least one. */
  function takeWithin(limit: number): string {
    let text = waiting.shift() ?? '';
    while (waiting.length > 0 && text.length + waiting[0]!.length <= limit) text += waiting.shift()!;
    return text;
  }

  async function settle(): Promise<void> {
    await writing;
    // What was written meanwhile.
    if (writing !== null) await settle();
  }

  return {
    write(entry) {
      if (waiting.length >= WAITING_LIMIT) return;
      waiting.push(`${JSON.stringify(entry)}\n`);
      writing ??= writeAll();
    },
    async entries() {
      await settle();
      const ages = Array.from({ length: maxFiles }, (_, age) => maxFiles - 1 - age);
      const texts = await Promise.all(ages.map((age) => readFile(pathOf(age), 'utf8').catch(() => '')));
      return texts.join('').split('\n').flatMap(parseLine);
    },
    close: settle,
  };
}

/** A line that was cut off by a power cut is left out. */
function parseLine(line: string): TrafficEntry[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as TrafficEntry];
  } catch {
    return [];
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
