import type { ProviderInfo } from '../spec/provider.ts';
import type { VoiceInfo } from '../spec/tts.ts';

/** A server with OpenAI's speech API: what is its own. */
export interface SpeechServer {
  readonly id: string;
  readonly name: string;
  readonly cost: ProviderInfo['cost'];
  /** The setting that turns it on. */
  readonly setting: string;
  /** Address that `/audio/speech` is below. */
  readonly baseUrl: string;
  /** True where nothing is spoken without a key. */
  readonly wantsKey: boolean;
  readonly model: string;
  /** The default first. */
  readonly voices: readonly VoiceInfo[];
  /** True when it has no voice but those; else any that the server may know can be asked for. */
  readonly hasNoOther: boolean;
  /** Characters in one request; longer text goes in several, cut between sentences. */
  readonly mostCharacters: number;
  /** Fields of each request beside the usual ones. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly takesReference: boolean;
}
