import type { SpeechProviders } from '@malbeot/protocol';
import type { ChainStatus } from '../providers/chain/member-status.ts';
import type { Availability } from '../providers/spec/provider.ts';
import { listedProvider, type KnownProvider } from './listed-provider.ts';

export interface EarCatalogueOptions {
  /** In order of preference; those that are not set up too, which say what they need. */
  readonly known: readonly KnownProvider[];
  /** The ears as a whole. */
  readonly ears: { availability(): Availability };
  /** How the chain's members stand; null without a chain. */
  readonly status: () => ChainStatus | null;
  /** Whether pages may listen with the browser's own recogniser. */
  readonly browserEars: boolean;
}

/** Every kind of ears that this server knows. */
export interface EarCatalogue {
  list(): SpeechProviders;
}

export function createEarCatalogue({ known, ears, status, browserEars }: EarCatalogueOptions): EarCatalogue {
  return {
    list() {
      const standing = { whole: ears, status: status() };
      return {
        current: standing.status?.current ?? null,
        providers: known.map((one) => listedProvider(one, standing)),
        browser_ears: browserEars,
      };
    },
  };
}
