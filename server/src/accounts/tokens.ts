import { errors, jwtVerify, SignJWT } from 'jose';
import { createHash, createSecretKey } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import { isId } from '../lib/ids.ts';
import { isRole } from './roles.ts';
import type { Who } from './access.ts';

/** Seconds that an access token is good for. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

/** No session lasts longer without a new token; its token ends with the session, or then. */
const SESSION_TOKEN_SECONDS = 24 * 60 * 60;

const issuer = 'malbeot';
const kinds = {
  person: { audience: 'malbeot:person', typ: 'at+jwt' },
  session: { audience: 'malbeot:session', typ: 'malbeot-session+jwt' },
} as const;

const personClaims = z.object({
  sub: z.string().refine((text) => isId('usr', text)),
  name: z.string(),
  role: z.string().refine(isRole),
});

const sessionClaims = z.object({ sub: z.string().refine((text) => isId('ses', text)) });

type Person = Extract<Who, { kind: 'person' }>;
type Session = Extract<Who, { kind: 'session' }>;

/** Signs and reads tokens (JWT, HS256). */
export interface Tokens {
  signPerson(person: Pick<Person, 'userId' | 'name' | 'role'>): Promise<string>;
  signSession(sessionId: string): Promise<string>;
  /** @throws {AppError} UNAUTHENTICATED or TOKEN_EXPIRED. */
  read(token: string): Promise<Person | Session>;
}

export function createTokens({ secret, clock }: { readonly secret: string; readonly clock: Clock }): Tokens {
  // A key of its own per purpose and of a fixed length, however long the secret is.
  const key = createSecretKey(createHash('sha256').update(`malbeot tokens\n${secret}`).digest());

  const sign = (
    kind: keyof typeof kinds,
    subject: string,
    claims: Record<string, string>,
    seconds: number,
  ) => {
    const now = Math.floor(clock.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: kinds[kind].typ })
      .setIssuer(issuer)
      .setAudience(kinds[kind].audience)
      .setSubject(subject)
      .setIssuedAt(now)
      .setExpirationTime(now + seconds)
      .sign(key);
  };

  const verify = (token: string, kind: keyof typeof kinds) =>
    jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer,
      ...kinds[kind],
      requiredClaims: ['sub', 'iat', 'exp'],
      currentDate: new Date(clock.now()),
    });

  return {
    signPerson: ({ userId, name, role }) => sign('person', userId, { name, role }, ACCESS_TOKEN_SECONDS),
    signSession: (sessionId) => sign('session', sessionId, {}, SESSION_TOKEN_SECONDS),
    async read(token) {
      try {
        if (declaredType(token) === kinds.session.typ) {
          const { payload } = await verify(token, 'session');
          return { kind: 'session', sessionId: sessionClaims.parse(payload).sub };
        }
        const { payload } = await verify(token, 'person');
        const { sub, name, role } = personClaims.parse(payload);
        return { kind: 'person', userId: sub, name, role };
      } catch (cause) {
        if (cause instanceof errors.JWTExpired) throw new AppError('TOKEN_EXPIRED', { cause });
        throw new AppError('UNAUTHENTICATED', {
          detail: 'The token is not one that this server gave.',
          cause,
        });
      }
    },
  };
}

/** The `typ` that the token claims, unchecked: only chooses which check it has to pass. */
function declaredType(token: string): unknown {
  const [header = ''] = token.split('.');
  const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
  return typeof parsed === 'object' && parsed !== null && 'typ' in parsed ? parsed.typ : undefined;
}
