import type { SignedIn } from '@malbeot/protocol';
import { z, type ZodType } from 'zod';
import type { Who } from '../accounts/access.ts';
import { AppError } from '../errors/app-error.ts';
import type { Answer, RouteScope } from '../experiences/experience.ts';

/** What `accounts` does for signing in. Each throws AppError UNAUTHENTICATED for what does not hold. */
export interface AuthService {
  /** Signs in with a code that works once, as `malbeot` prints it. */
  signInWithLink(code: string): Promise<SignedIn>;
  /** Makes a new customer. */
  signInAsGuest(name: string | null): Promise<SignedIn>;
  /** A new pair of tokens for a refresh token, which is used up. */
  refresh(refreshToken: string): Promise<SignedIn>;
  /** Ends every token of this person's sign-in. */
  signOut(who: Extract<Who, { kind: 'person' }>): Promise<void>;
}

const role = z.enum(['customer', 'cook', 'delivery', 'manager', 'admin']);

const signedInSchema = z.object({
  user_id: z.string(),
  name: z.string(),
  role,
  access_token: z.string(),
  expires_in: z.number().describe('Seconds until the access token ends.'),
  refresh_token: z.string().describe('Good for one use.'),
}) satisfies ZodType<SignedIn>;

const signedIn = (value: SignedIn): Answer => ({ status: 200, body: { type: 'json', value } });

/** Signing in, staying signed in, signing out. */
export function registerAuthRoutes(scope: RouteScope, auth: AuthService): void {
  const responses = { 200: { description: 'Signed in.', schema: signedInSchema } };
  const common = { tag: 'accounts', access: 'open', limit: 'sign-in', method: 'POST', responses } as const;
  scope.route({
    ...common,
    path: '/api/auth/link',
    summary: 'Signs in with a one-time code',
    body: z.strictObject({ code: z.string().trim().min(1).max(200) }),
    handle: async ({ body }) => signedIn(await auth.signInWithLink(body.code)),
  });
  scope.route({
    ...common,
    path: '/api/auth/guest',
    summary: 'Makes a customer who is known by their tokens only',
    body: z.strictObject({ name: z.string().trim().min(1).max(60).optional() }).prefault({}),
    handle: async ({ body }) => signedIn(await auth.signInAsGuest(body.name ?? null)),
  });
  scope.route({
    ...common,
    path: '/api/auth/refresh',
    summary: 'A new pair of tokens for a refresh token',
    body: z.strictObject({ refresh_token: z.string().min(1).max(2_000) }),
    handle: async ({ body }) => signedIn(await auth.refresh(body.refresh_token)),
  });
  scope.route({
    tag: 'accounts',
    access: 'person',
    limit: 'reads',
    method: 'POST',
    path: '/api/auth/sign-out',
    summary: 'Ends this sign-in',
    responses: { 204: { description: 'Signed out.' } },
    handle: async ({ who }) => {
      await auth.signOut(personOf(who));
      return { status: 204, body: { type: 'empty' } };
    },
  });
  scope.route({
    tag: 'accounts',
    access: 'person',
    limit: 'reads',
    method: 'GET',
    path: '/api/auth/me',
    summary: 'Who is signed in',
    responses: {
      200: { description: 'The person.', schema: z.object({ user_id: z.string(), name: z.string(), role }) },
    },
    handle: ({ who }) => {
      const { userId, name, role } = personOf(who);
      return { status: 200, body: { type: 'json', value: { user_id: userId, name, role } } };
    },
  });
}

function personOf(who: Who): Extract<Who, { kind: 'person' }> {
  if (who.kind === 'person') return who;
  throw new AppError('FORBIDDEN', {
    detail: 'This is for a person who is signed in; a key has no sign-in of its own.',
  });
}
