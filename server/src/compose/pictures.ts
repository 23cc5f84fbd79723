import type { Config } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { providerCheck } from '../operations/doctor-parts.ts';
import type { DoctorCheck } from '../operations/doctor.ts';
import { providerPart, steadyPart, type HealthPart } from '../operations/health.ts';
import { createOpenAiImages } from '../providers/openai-images/openai-images.ts';
import type { ImageGenerator } from '../providers/spec/image.ts';

/** Pictures of this server. No experience of this version asks for any; what is set up is ready for the first that does. */
export interface Pictures {
  /** Those that are set up, in order of preference. */
  readonly providers: readonly ImageGenerator[];
  close(): Promise<void>;
}

/** Builds what draws. Sends nothing. */
export function openPictures(
  { openaiCompatible: { image } }: Pick<Config, 'openaiCompatible'>,
  clock: Clock,
): Pictures {
  const providers = image.url === null && image.key === null ? [] : [createOpenAiImages({ ...image, clock })];
  return {
    providers,
    close: async () => void (await Promise.all(providers.map(async (provider) => provider.close?.()))),
  };
}

/** Pictures as `/api/health` tells of them. */
export function picturesPart({ providers }: Pictures): HealthPart {
  return providers.length === 0
    ? steadyPart({ detail: { key: 'health.not_needed' }, action: null }, { vital: false })
    : providerPart(providers, { vital: false });
}

/** What `malbeot doctor` looks at: only what is set up. */
export function pictureChecks({ providers }: Pictures): readonly DoctorCheck[] {
  return providers.map((provider) =>
    providerCheck({ part: { key: 'doctor.part.pictures' }, provider, optional: true }),
  );
}
