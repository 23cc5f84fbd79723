import type { Availability, ProviderInfo } from './provider.ts';
import type { Remote } from './remote.ts';

/** OpenAI's own server. */
export const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenAiShaped {
  readonly id: string;
  /** Null for OpenAI's own. */
  readonly url: string | null;
  readonly key: string | null;
  readonly remote: Pick<Remote, 'isLoopback'>;
  /** The setting that names another server. */
  readonly urlSetting: string;
  /** How quickly it answers from afar. */
  readonly speed: ProviderInfo['speed'] & string;
}

/** What a part says of itself that asks OpenAI, or any server with an API of the same shape, and has met neither so far. */
export function openAiInfo({ id, url, remote, urlSetting, speed }: OpenAiShaped): ProviderInfo {
  const local = remote.isLoopback;
  return {
    id,
    name: url === null ? 'OpenAI' : new URL(url).host,
    cost: url === null ? 'paid' : 'free',
    local,
    standIn: false,
    languages: [],
    needs: url === null ? 'OPENAI_API_KEY' : urlSetting,
    speed: local ? 'by_hardware' : speed,
    triedWith: 'replay',
  };
}

/** OpenAI's own wants a key; whether another server does is known to who named it. */
export function openAiAvailability({ url, key, urlSetting }: OpenAiShaped): Availability {
  if (url !== null || key !== null) return { available: true };
  const action = `Set OPENAI_API_KEY, or ${urlSetting} for another server.`;
  return { available: false, reason: 'OpenAI has no key.', action };
}
