import type { SpeechProviders } from '@malbeot/protocol';
import { AppError } from '../errors/app-error.ts';
import type { ChainStatus } from '../providers/chain/member-status.ts';
import type { Availability } from '../providers/spec/provider.ts';
import type { TextToSpeech } from '../providers/spec/tts.ts';
import type { SoundSource } from '../voice-files/sound-key.ts';
import type { VoiceRequest } from '../voice-files/voice-files.ts';
import { hindranceOf, listedProvider, type ProviderStanding } from './listed-provider.ts';

/** What is known about a voice that may be set up here or not. */
export type KnownVoice = Pick<TextToSpeech, 'info' | 'voices' | 'availability' | 'takesReference'> &
  Partial<Pick<TextToSpeech, 'revision'>>;

export interface VoiceCatalogueOptions {
  /** In order of preference; those that are not set up too, which say what they need. */
  readonly known: readonly KnownVoice[];
  /** The whole voice: when it is switched off, everyone is. */
  readonly voice: Pick<TextToSpeech, 'availability'>;
  /** How the chain's members stand; null without a chain. */
  readonly status: () => ChainStatus | null;
}

/** Every voice that this server knows, and which of them a request means. */
export interface VoiceCatalogue {
  list(): SpeechProviders;
  /**
   * The provider and voice that `provider` and `voice` name; a voice alone names the first provider that has it.
   *
   * @throws {AppError} INVALID_INPUT for a name that is none, with those that are.
   */
  choose(asked: { readonly provider?: string | undefined; readonly voice?: string | undefined }): {
    readonly provider?: string;
    readonly voice?: string;
  };
  /** Whether somebody can speak like a person of whom there is a recording, and what to do when not. */
  referenceAvailability(): Availability;
  /** True when the provider with this id can. */
  takesReference(provider: string): boolean;
  /** Who would speak `request` now, as the chain would choose; null when nobody would. */
  expectedSource(request: Pick<VoiceRequest, 'provider' | 'language' | 'reference'>): SoundSource | null;
}

export function createVoiceCatalogue({ known, voice, status }: VoiceCatalogueOptions): VoiceCatalogue {
  const standing = (): ProviderStanding => ({ whole: voice, status: status() });
  const hindrance = (one: KnownVoice) => hindranceOf(one, standing());

  return {
    list: () => ({
      current: status()?.current ?? null,
      providers: known.map((one) => listedProvider(one, standing())),
    }),
    choose({ provider, voice: name }) {
      const named = known.find(({ info }) => info.id === provider);
      if (provider !== undefined && named === undefined) {
        throw unknown('provider', provider, `known are ${known.map(({ info }) => info.id).join(', ')}`);
      }
      if (name === undefined) return provider === undefined ? {} : { provider };
      const from = named === undefined ? known : [named];
      const owner = from.find((one) => one.voices().some(({ id }) => id === name));
      if (owner !== undefined) return { provider: owner.info.id, voice: name };
      const voices = from.map(
        (one) =>
          `${one.info.id}: ${one
            .voices()
            .map(({ id }) => id)
            .join(', ')}`,
      );
      throw unknown('voice', name, `known are ${voices.join('; ')}; or the id of a custom voice (voi_…)`);
    },
    referenceAvailability() {
      const able = known.filter(({ takesReference }) => takesReference === true);
      const hindrances = able.map((one) => ({ id: one.info.id, hindered: hindrance(one) }));
      const [first] = hindrances;
      if (first === undefined) {
        const reason = 'No provider that this server knows can speak like a recording.';
        return { available: false, reason, action: 'Set up one that can, or choose another voice.' };
      }
      if (hindrances.some(({ hindered }) => hindered === undefined)) return { available: true };
      return {
        available: false,
        reason: hindrances.map(({ id, hindered }) => `${id}: ${hindered!.reason}`).join(' '),
        action: first.hindered!.action,
      };
    },
    takesReference: (provider) => known.find(({ info }) => info.id === provider)?.takesReference === true,
    expectedSource({ provider, language, reference }) {
      const isFit = (one: KnownVoice): boolean =>
        one.revision !== undefined &&
        speaks(one, language) &&
        hindrance(one) === undefined &&
        (reference === undefined || one.takesReference === true);
      // What is not in the chain is never asked, whatever it says about itself.
      const chain = status()?.providers;
      const members =
        chain === undefined ? known : known.filter(({ info }) => chain.some(({ id }) => id === info.id));
      const order = [...members.filter(({ info }) => info.id === provider), ...members];
      const found = order.find(isFit);
      return found === undefined ? null : { provider: found.info.id, revision: found.revision! };
    },
  };
}

function speaks({ info }: KnownVoice, language: string): boolean {
  return info.languages.length === 0 || info.languages.includes(language.split('-', 1)[0]!.toLowerCase());
}

function unknown(field: 'provider' | 'voice', given: string, allowed: string): AppError {
  const message = `${JSON.stringify(given.slice(0, 80))} was given; ${allowed}`;
  return new AppError('INVALID_INPUT', {
    detail: `body.${field}: ${message}`,
    issues: [{ path: `body.${field}`, message }],
  });
}
