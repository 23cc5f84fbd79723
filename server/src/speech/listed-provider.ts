import type { SpeechProvider } from '@malbeot/protocol';
import type { ChainStatus, MemberStatus } from '../providers/chain/member-status.ts';
import type { Availability, ProviderInfo } from '../providers/spec/provider.ts';
import type { VoiceInfo } from '../providers/spec/tts.ts';

/** A provider that this server knows, set up or not. */
export interface KnownProvider {
  readonly info: ProviderInfo;
  availability(): Availability;
  /** Voices only. */
  voices?(): readonly VoiceInfo[];
  readonly takesReference?: boolean;
}

/** Providers as a chain of some of them stands. */
export interface ProviderStanding {
  /** The chain as a whole: where its kind is switched off, everyone is. */
  readonly whole: { availability(): Availability };
  /** Null without a chain. */
  readonly status: ChainStatus | null;
}

type Hindrance = Extract<Availability, { available: false }>;

/** Why `one` can't be used now; undefined when it can. */
export function hindranceOf(one: KnownProvider, { whole, status }: ProviderStanding): Hindrance | undefined {
  if (status === null) {
    const all = whole.availability();
    if (!all.available) return all;
  }
  const own = one.availability();
  if (!own.available) return own;
  const member = memberOf(one, status);
  if (member?.circuit !== 'open') return undefined;
  const seconds = Math.ceil(member.retryInMs / 1000);
  return {
    available: false,
    reason: `It failed too often and is left alone for another ${seconds} s.`,
    action: member.action ?? 'It is tried again by itself; the log says why it failed.',
  };
}

/** `one` as `GET /api/tts/providers` and `GET /api/stt/providers` tell it. */
export function listedProvider(one: KnownProvider, standing: ProviderStanding): SpeechProvider {
  const { info } = one;
  const hindered = hindranceOf(one, standing);
  const member = memberOf(one, standing.status);
  return {
    id: info.id,
    name: info.name,
    cost: info.cost,
    speed: info.speed ?? null,
    recommended: info.recommended ?? false,
    local: info.local,
    stand_in: info.standIn,
    languages: info.languages,
    needs: info.needs,
    tried_with: info.triedWith ?? 'real',
    available: hindered === undefined,
    reason: hindered?.reason ?? null,
    action: hindered?.action ?? member?.action ?? null,
    voices: (one.voices?.() ?? []).map(({ id, name, languages }) => ({ id, name, languages })),
    takes_reference: one.takesReference ?? false,
    circuit: member?.circuit ?? null,
  };
}

function memberOf({ info }: KnownProvider, status: ChainStatus | null): MemberStatus | undefined {
  return status?.providers.find((member) => member.id === info.id);
}
