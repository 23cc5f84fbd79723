import type { Language } from '@malbeot/protocol';

import { createDiskQueue } from '../node/disk-queue.ts';
import { loadClientSettings } from '../node/settings.ts';
import type { ClientSettings } from '../node/setting-table.ts';
import { createTrafficLog } from '../node/traffic-log.ts';
import type { TurnQueue, TurnQueueHooks } from '../queue/turn-queue.ts';
import { VoiceClient } from '../voice-client.ts';
import type { KioskCommand, SendCommand } from './arguments.ts';
import type { Surroundings } from './surroundings.ts';

/** A client as the settings want it. */
export interface OpenedClient {
  readonly client: VoiceClient<TurnQueue | undefined>;
  readonly settings: ClientSettings;
  /** Turns from before that are still to be delivered. */
  kept(): Promise<number>;
  /** Finishes what is written. */
  close(): Promise<void>;
}

/**
 * A client with what the settings name. Turns are kept in the queue's folder only where `hooks` follow them: the folder is for
 * one process at a time.
 *
 * @throws {SettingsError} when a setting is wrong.
 */
export async function openClient(
  { settings: flags, settingsFile }: Pick<KioskCommand | SendCommand, 'settings' | 'settingsFile'>,
  { env }: Pick<Surroundings, 'env'>,
  language: Language,
  hooks: TurnQueueHooks | null,
): Promise<OpenedClient> {
  const settings = await loadClientSettings({
    file: settingsFile,
    environment: env,
    flags,
    language,
    defaultLanguage: language,
  });
  const queue =
    settings.queueFolder === null || hooks === null
      ? undefined
      : createDiskQueue({
          folder: settings.queueFolder,
          maxTurns: settings.queueTurns,
          maxBytes: settings.queueMegabytes * 1024 * 1024,
          ...hooks,
        });
  const traffic = settings.logFolder === null ? undefined : createTrafficLog({ folder: settings.logFolder });
  const client = new VoiceClient({
    baseUrl: settings.server,
    deviceKey: settings.deviceKey ?? undefined,
    kioskId: settings.kioskId ?? undefined,
    language: settings.language,
    timeoutMs: settings.timeoutMs,
    maxTries: settings.maxTries,
    queue,
    traffic,
  });
  return {
    client,
    settings,
    kept: async () => (queue === undefined ? 0 : (await queue.status()).waiting),
    async close() {
      await queue?.close();
      await traffic?.close();
    },
  };
}
