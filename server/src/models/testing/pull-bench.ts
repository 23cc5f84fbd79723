import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FetchLimits } from '../fetch-file.ts';
import { readInstalledModel, type PulledModel } from '../installed-model.ts';
import { pullModel, type PullEvent, type PullJob } from '../pull-model.ts';
import { openFaultMirror, type FaultMirror } from './fault-mirror.ts';
import { tinyModel, type TinyModel } from './tiny-model.ts';

/** Short enough for a test; nothing is asserted about them. */
export const quickLimits: FetchLimits = {
  stallMs: 250,
  redirects: 3,
  idleTries: 8,
  tries: 40,
  backoffMs: 1,
  maxBackoffMs: 4,
};

/** A tiny model, a server that has it, and a folder to pull it into. */
export interface PullBench extends TinyModel {
  readonly mirror: FaultMirror;
  readonly folder: string;
  readonly home: string;
  readonly events: PullEvent[];
  pull(change?: Partial<PullJob>): Promise<PulledModel>;
  installed(): PulledModel | null;
  /** True where every file of the model is there with the very bytes it should have. */
  isTrue(): boolean;
  /** Takes the model away, and nothing of what was fetched. */
  removeHome(): void;
  close(): Promise<void>;
}

export async function openPullBench({ isKnown = true } = {}): Promise<PullBench> {
  const folder = mkdtempSync(join(tmpdir(), 'malbeot-models-'));
  let served: ReadonlyMap<string, Buffer> = new Map();
  const mirror = await openFaultMirror(() => served);
  const tiny = await tinyModel({ base: `${mirror.url}/source`, isKnown });
  served = new Map(
    [...tiny.served].flatMap(([file, bytes]) => [
      [`/source/${file}`, bytes] as const,
      [`/mirror/${tiny.model.id}/${file}`, bytes] as const,
    ]),
  );
  const home = join(folder, tiny.model.id);
  const events: PullEvent[] = [];
  return {
    ...tiny,
    mirror,
    folder,
    home,
    events,
    pull: (change = {}) =>
      pullModel({
        model: tiny.model,
        folder,
        mirror: null,
        offline: null,
        bzip2Program: null,
        signal: new AbortController().signal,
        onEvent: (event) => void events.push(event),
        freeBytes: () => Promise.resolve(1e12),
        now: () => 0,
        limits: quickLimits,
        ...change,
      }),
    installed: () => readInstalledModel(folder, tiny.model.id),
    isTrue: () =>
      [...tiny.files].every(([path, bytes]) => {
        const file = join(home, path);
        return existsSync(file) && readFileSync(file).equals(bytes);
      }),
    removeHome: () => rmSync(home, { recursive: true, force: true }),
    async close() {
      await mirror.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
