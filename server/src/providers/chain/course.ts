import { OTHER_LANGUAGE, ProviderError, type Provider, type Skipped } from '../spec/provider.ts';
import type { CircuitPass } from './circuit.ts';
import type { Member, Turn } from './member.ts';

/** What decides who is asked, and in which order. */
export interface CourseRequest<P> {
  /** Where the members' languages matter; null where they don't. */
  readonly language: string | null;
  /** Id of the one to ask before all others. */
  readonly first?: string;
  /** Why a member can't take this request, in a few words and in a sentence; undefined when it can. */
  readonly refusal?: (provider: P) => Refusal | undefined;
  /** Members that are out of the question without a word about it; those asked before, for example. */
  readonly leaveOut?: (provider: P) => boolean;
}

export interface Refusal {
  readonly reason: string;
  readonly because: string;
}

/** A request's way through the members: who was passed over, and why. */
export interface Course<P> {
  readonly skipped: readonly Skipped[];
  /** The next member that can take the request; undefined when there is none left. */
  next(): Turn<P> | undefined;
  /** Who would be asked next; undefined when there is none left. */
  peek(): P | undefined;
  /** Whether another member could take the request after the one that has its turn. */
  hasMore(): boolean;
  /** What to throw when there is none left. */
  exhausted(): ProviderError;
}

/** What a course needs of its chain. */
export interface CoursePorts<P> {
  readonly chain: string;
  onSkip(provider: string, reason: string): void;
  turn(member: Member<P>, pass: CircuitPass, onFailure: (error: ProviderError) => void): Turn<P>;
}

export function createCourse<P extends Provider>(
  all: readonly Member<P>[],
  { language, first, refusal = () => undefined, leaveOut = () => false }: CourseRequest<P>,
  { chain, onSkip, turn }: CoursePorts<P>,
): Course<P> {
  const members = inOrder(all, first).filter(({ provider }) => !leaveOut(provider));
  const skipped: Skipped[] = [];
  const failures: ProviderError[] = [];
  const reasons: string[] = [];
  const retries: number[] = [];
  let place = 0;

  const account = (provider: string, { reason, because }: Refusal) => {
    skipped.push({ provider, reason });
    reasons.push(`${provider}: ${because}`);
  };

  /** Why `member` is not asked, but for its circuit. */
  const hindrance = ({ provider }: Member<P>): Refusal | undefined => {
    const { languages } = provider.info;
    if (language !== null && languages.length > 0 && !languages.includes(primaryLanguage(language))) {
      return { reason: OTHER_LANGUAGE, because: `knows ${languages.join(', ')}, not ${language}` };
    }
    const refused = refusal(provider);
    if (refused !== undefined) return refused;
    const availability = provider.availability();
    return availability.available ? undefined : { reason: 'unavailable', because: availability.reason };
  };

  const openCircuit = ({ circuit, lastError }: Member<P>): Refusal => {
    const retryInMs = circuit.retryInMs();
    retries.push(retryInMs);
    const wait =
      retryInMs > 0 ? `not asked for another ${retryInMs} ms` : 'another call finds out whether it is back';
    const last = lastError === null ? '' : ` after: ${lastError.message}`;
    return { reason: 'circuit open', because: wait + last };
  };

  const peek = () =>
    members.slice(place).find((member) => member.circuit.wouldEnter() && hindrance(member) === undefined)
      ?.provider;

  if (first !== undefined && all.every(({ provider }) => provider.info.id !== first)) {
    account(first, { reason: 'unavailable', because: `the chain "${chain}" has no such provider` });
  }

  return {
    skipped,
    next() {
      while (place < members.length) {
        const member = members[place++]!;
        const { id } = member.provider.info;
        const hindered = hindrance(member);
        const pass = hindered === undefined ? member.circuit.enter() : undefined;
        if (pass !== undefined) {
          return turn(member, pass, (error) => {
            failures.push(error);
            if (error.retryAfterMs !== undefined) retries.push(error.retryAfterMs);
            account(id, { reason: error.kind, because: error.message });
          });
        }
        const refused = hindered ?? openCircuit(member);
        account(id, refused);
        onSkip(id, refused.reason);
      }
      return undefined;
    },
    peek,
    hasMore: () => peek() !== undefined,
    exhausted() {
      const kinds = new Set(failures.map(({ kind }) => kind));
      // One kind of failure is the whole story; several, or nobody to ask, come down to "not now".
      const kind = kinds.size === 1 ? failures[0]!.kind : 'unavailable';
      const retry = retries.length === 0 ? {} : { retryAfterMs: Math.min(...retries) };
      const message = `No provider of the chain "${chain}" could take this. ${reasons.join('; ')}.`;
      return new ProviderError(kind, chain, message, {
        cause: failures.at(-1),
        skipped: [...skipped],
        ...retry,
      });
    },
  };
}

function inOrder<P extends Provider>(
  members: readonly Member<P>[],
  first: string | undefined,
): readonly Member<P>[] {
  const asked = members.filter(({ provider }) => provider.info.id === first);
  return asked.length === 0 ? members : [...asked, ...members.filter((member) => !asked.includes(member))];
}

function primaryLanguage(language: string): string {
  return language.split('-', 1)[0]!.toLowerCase();
}
