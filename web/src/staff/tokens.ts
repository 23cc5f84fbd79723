import { ApiClient, MalbeotError } from '@malbeot/client';
import type { Language, Role, SignedIn } from '@malbeot/protocol';
import { readStored, writeStored } from '../storage.ts';

const STORED_AS = 'malbeot.signed-in';
/** A token is renewed this long before its end, so that it does not end on its way. */
const EARLY_MS = 30_000;

export interface KeptSignIn {
  readonly name: string;
  readonly role: Role;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since 1970. */
  readonly endsAtMs: number;
}

/** Keeps a sign-in for as long as the tab lives. */
export function keepSignIn(signedIn: SignedIn, nowMs: number): KeptSignIn {
  const kept: KeptSignIn = {
    name: signedIn.name,
    role: signedIn.role,
    accessToken: signedIn.access_token,
    refreshToken: signedIn.refresh_token,
    endsAtMs: nowMs + signedIn.expires_in * 1000,
  };
  writeStored(STORED_AS, JSON.stringify(kept), 'session');
  return kept;
}

/** The sign-in of this tab; null when nobody is signed in. */
export function readSignIn(): KeptSignIn | null {
  const text = readStored(STORED_AS, 'session');
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as KeptSignIn;
    return typeof kept.accessToken === 'string' && typeof kept.refreshToken === 'string' ? kept : null;
  } catch {
    return null;
  }
}

function forgetSignIn(): void {
  writeStored(STORED_AS, null, 'session');
}

let renewing: Promise<KeptSignIn> | null = null;

/**
 * A token that is good now, renewed when it is about to end or was refused. Callers at the same time share one renewal,
 * because a refresh token is good for one use.
 *
 * @throws {MalbeotError} `UNAUTHENTICATED` with status 403 when nobody is signed in or the sign-in is over.
 */
export async function accessToken(language: Language, rejected: boolean): Promise<string> {
  const kept = readSignIn();
  if (kept === null) throw new MalbeotError('UNAUTHENTICATED', { status: 403, language });
  if (!rejected && Date.now() < kept.endsAtMs - EARLY_MS) return kept.accessToken;
  renewing ??= renew(kept, language).finally(() => {
    renewing = null;
  });
  return (await renewing).accessToken;
}

async function renew(kept: KeptSignIn, language: Language): Promise<KeptSignIn> {
  try {
    return keepSignIn(await new ApiClient({ language }).refresh(kept.refreshToken), Date.now());
  } catch (cause) {
    if (
      cause instanceof MalbeotError &&
      cause.status !== null &&
      cause.status < 500 &&
      cause.status !== 429
    ) {
      forgetSignIn();
      throw new MalbeotError('UNAUTHENTICATED', { status: 403, language, cause });
    }
    throw cause;
  }
}

/** Ends the sign-in of this tab, here and on the server. A server that can't be reached lets its tokens run out. */
export async function signOut(language: Language): Promise<void> {
  try {
    const token = await accessToken(language, false);
    forgetSignIn();
    await new ApiClient({ language, accessToken: () => token }).signOut();
  } catch (error) {
    if (!(error instanceof MalbeotError)) throw error;
  } finally {
    forgetSignIn();
  }
}

const exchanges = new Map<string, Promise<KeptSignIn>>();

/** Signs in with a one-time code. Asked twice for the same code it gives the first answer: the code works once. */
export function signInWithCode(code: string, language: Language): Promise<KeptSignIn> {
  let exchange = exchanges.get(code);
  if (exchange === undefined) {
    exchange = new ApiClient({ language })
      .exchangeLink(code)
      .then((signedIn) => keepSignIn(signedIn, Date.now()));
    exchanges.set(code, exchange);
    // A network that was gone may come back; a code that was refused stays refused.
    exchange.catch((error: unknown) => {
      if (error instanceof MalbeotError && error.retryable) exchanges.delete(code);
    });
  }
  return exchange;
}
