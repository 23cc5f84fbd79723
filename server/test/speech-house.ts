import type { LightMyRequestResponse } from 'fastify';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeHouse, type House } from '../src/compose.ts';
import { createLocalSecrets } from '../src/config/local-secrets.ts';
import { loadConfig } from '../src/config/load.ts';
import { systemRandom } from '../src/lib/ids.ts';
import { recordingLogger, type Line } from './edge-kit.ts';

/** The whole server as it is composed, with built-in ears and voice, in this process and over a data folder of its own. */
export interface SpeechHouse {
  readonly house: House;
  readonly data: string;
  /** Everything it logged, at every level. */
  readonly lines: readonly Line[];
  /** Where it listens. */
  readonly url: string;
  readonly port: number;
  inject(request: InjectedRequest): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface InjectedRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: unknown;
  readonly remoteAddress?: string;
}

/** What production refuses to start without. */
export const PRODUCTION: Readonly<Record<string, string>> = {
  MALBEOT_PROFILE: 'production',
  MALBEOT_SECRET: 'Zk3vQ8hT1mYw6RrN0pXs5LuC2aGdJ7eB9fWiKoMq',
  MALBEOT_ENCRYPTION_KEY: createHash('sha256').update('speech-house').digest('base64'),
  MALBEOT_API_KEYS: 'tests=bV7nQ2xK9sTf4LwZ1yHd8RgC5mJp3UaE6oNi0qXr',
};

/** `settings`: the environment, on top of the defaults. */
export async function openSpeechHouse(settings: Readonly<Record<string, string>> = {}): Promise<SpeechHouse> {
  const data = await mkdtemp(join(tmpdir(), 'malbeot-house-'));
  const { log, lines } = recordingLogger();
  const { config } = loadConfig({
    flags: { MALBEOT_DATA: data, PORT: '0' },
    env: { PRELOAD: 'off', ...settings },
    cwd: data,
    readFile: () => null,
    localSecrets: createLocalSecrets({ random: systemRandom, write: true }),
  });
  const house = await composeHouse({ config, version: '0.0.0', log, tls: null, logFolder: null });
  const { port } = await house.app.listen({ port: 0, host: '127.0.0.1' });
  return {
    house,
    data,
    lines,
    port,
    url: `http://127.0.0.1:${port}`,
    inject: ({ method = 'GET', headers = {}, payload, ...rest }) =>
      house.app.inject({
        method,
        headers: { host: 'localhost:8080', ...headers },
        ...(payload === undefined ? {} : { payload: payload as string | object }),
        ...rest,
      }),
    async close() {
      await house.close(0);
      await rm(data, { recursive: true, force: true });
    },
  };
}
