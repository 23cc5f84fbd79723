import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../src/lib/ids.ts';
import { openSpeechHouse, PRODUCTION, type InjectedRequest, type SpeechHouse } from './speech-house.ts';

const ELSEWHERE = '203.0.113.9';

/** Every door to ears and voices, asked for so that nothing is spoken; the status is that of who got in. */
const DOORS: readonly (InjectedRequest & { readonly inside: number })[] = [
  { method: 'POST', url: '/api/tts/synthesize', payload: { text: '!' }, inside: 422 },
  { method: 'GET', url: '/api/tts/providers', inside: 200 },
  { method: 'POST', url: '/api/tts/test', payload: {}, inside: 422 },
  { method: 'GET', url: '/api/tts/files/vox_0', inside: 404 },
  { method: 'POST', url: '/api/tts/voices', payload: {}, inside: 415 },
  { method: 'GET', url: '/api/tts/voices', inside: 200 },
  { method: 'GET', url: '/api/tts/voices/voi_0', inside: 404 },
  { method: 'DELETE', url: '/api/tts/voices/voi_0', inside: 404 },
  { method: 'POST', url: '/api/voice/stt', payload: {}, inside: 415 },
];

type Caller = 'nobody' | 'device' | 'session' | 'person' | 'api-key' | 'staff';
type Credentials = Readonly<Record<Caller, Readonly<Record<string, string>>>>;

interface Place {
  readonly name: string;
  readonly server: () => Served;
  readonly from: Partial<InjectedRequest>;
  readonly isHome: boolean;
}

interface Served {
  readonly house: SpeechHouse;
  readonly credentials: Credentials;
}

async function serve(settings: Readonly<Record<string, string>>): Promise<Served> {
  const house = await openSpeechHouse({ RATE_LIMIT_SIGN_IN: '100', ...settings });
  const { accounts } = house.house;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const device = await accounts.keys.create({ kind: 'device', name: 'front', kioskId: 'front' });
  const program = await accounts.keys.create({ kind: 'api', name: 'program' });
  const link = await accounts.openAdminLink();
  return {
    house,
    credentials: {
      nobody: {},
      device: { 'x-device-key': device.key },
      session: bearer(await accounts.issueSessionToken(newId('ses'))),
      person: bearer((await accounts.signInAsGuest('김말벗')).access_token),
      'api-key': bearer(program.key),
      staff: bearer((await accounts.signInWithLink(link!.code)).access_token),
    },
  };
}

let local: Served;
let behindProxy: Served;
let production: Served;

beforeAll(async () => {
  local = await serve({});
  behindProxy = await serve({ TRUST_PROXY: '1' });
  production = await serve(PRODUCTION);
}, 60_000);
afterAll(async () => {
  await Promise.all([local, behindProxy, production].map(({ house }) => house.close()));
});

const PLACES: readonly Place[] = [
  { name: 'at home', server: () => local, from: {}, isHome: true },
  { name: 'from another machine', server: () => local, from: { remoteAddress: ELSEWHERE }, isHome: false },
  {
    name: 'by a name that was pointed here',
    server: () => local,
    from: { headers: { host: 'evil.example' } },
    isHome: false,
  },
  {
    name: 'through a proxy that is not trusted',
    server: () => local,
    from: { headers: { 'x-forwarded-for': '127.0.0.1' } },
    isHome: false,
  },
  {
    name: 'through a trusted proxy',
    server: () => behindProxy,
    from: { headers: { 'x-forwarded-for': ELSEWHERE } },
    isHome: false,
  },
  { name: 'in production, on the machine itself', server: () => production, from: {}, isHome: false },
];

const AT_HOME_ONLY: readonly Caller[] = ['nobody', 'device', 'session'];

describe.each(PLACES)('ears and voices $name', ({ server, from, isHome }) => {
  it.each<Caller>(['nobody', 'device', 'session', 'person', 'api-key', 'staff'])('for %s', async (caller) => {
    const { house, credentials } = server();
    const shutOut = caller === 'nobody' ? 401 : 403;
    for (const { inside, ...door } of DOORS) {
      for (const url of [door.url, door.url.replace('/api/', '/api/v1/')]) {
        const headers = { ...credentials[caller], ...from.headers };
        const answer = await house.inject({ ...door, ...from, url, headers });
        const expected = isHome || !AT_HOME_ONLY.includes(caller) ? inside : shutOut;
        expect([door.method, url, answer.statusCode]).toEqual([door.method, url, expected]);
        if (expected === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
        if (expected === shutOut) {
          expect(answer.json()).toMatchObject({
            detail: expect.stringContaining("a person's token or an API key") as unknown,
          });
        }
      }
    }
  });

  it('tell everybody which ears there are, because a page has to know', async () => {
    const { house, credentials } = server();
    for (const headers of Object.values(credentials)) {
      const answer = await house.inject({
        ...from,
        url: '/api/stt/providers',
        headers: { ...headers, ...from.headers },
      });
      expect(answer.statusCode).toBe(200);
    }
  });
});

describe('who is somebody', () => {
  const other = 'usr_01hzzzzzzzzzzzzzzzzzzzzzzz';
  it('may not ask for another person', async () => {
    const { house, credentials } = production;
    const ask = (caller: Caller) => [
      house.inject({ url: `/api/tts/providers?user_id=${other}`, headers: credentials[caller] }),
      house.inject({
        method: 'POST',
        url: '/api/tts/test',
        payload: { user_id: other, provider_id: 'nobody' },
        headers: credentials[caller],
      }),
    ];
    const statuses = async (caller: Caller) =>
      (await Promise.all(ask(caller))).map(({ statusCode }) => statusCode);
    expect(await statuses('person')).toEqual([403, 403]);
    expect(await statuses('staff')).toEqual([403, 403]);
    // A program speaks for its people.
    expect(await statuses('api-key')).toEqual([200, 422]);
  });

  it('is refused with credentials that do not hold, at home too', async () => {
    for (const headers of [{ authorization: 'Bearer mbk_forged' }, { 'x-device-key': 'mbd_forged' }]) {
      for (const { inside: _, ...door } of [...DOORS, { url: '/api/stt/providers', inside: 200 }]) {
        const answer = await local.house.inject({ ...door, headers });
        expect([door.url, answer.statusCode]).toEqual([door.url, 401]);
      }
    }
  });
});

describe('limits', () => {
  it('count by caller, say what is left, and when to come again', async () => {
    const { house, credentials } = await serve({
      RATE_LIMIT_RUNS: '2',
      RATE_LIMIT_READS: '3',
      RATE_LIMIT_TURNS_PER_ADDRESS: '2',
    });
    try {
      const counted: readonly (readonly [limit: number, doors: readonly InjectedRequest[]])[] = [
        [2, DOORS.filter(({ url, method }) => method !== 'GET' && url !== '/api/voice/stt')],
        [3, DOORS.filter(({ method }) => method === 'GET')],
        [2, DOORS.filter(({ url }) => url === '/api/voice/stt')],
      ];
      for (const [limit, doors] of counted) {
        for (let count = 1; count <= limit + 1; count++) {
          const door = doors[count % doors.length]!;
          const { inside: _, ...request } = door as InjectedRequest & { inside: number };
          // One count for the versioned address and the other.
          const url = count % 2 === 0 ? request.url.replace('/api/', '/api/v1/') : request.url;
          const answer = await house.inject({ ...request, url, headers: credentials.person });
          expect(answer.headers).toMatchObject({
            'x-ratelimit-limit': String(limit),
            'x-ratelimit-remaining': String(Math.max(0, limit - count)),
            'x-ratelimit-reset': expect.stringMatching(/^([1-9]|[1-5]\d|60)$/) as unknown,
          });
          expect(answer.statusCode === 429).toBe(count > limit);
          if (count <= limit) continue;
          expect(answer.headers['retry-after']).toBe(answer.headers['x-ratelimit-reset']);
          expect(answer.json()).toMatchObject({ code: 'RATE_LIMITED' });
        }
      }
      // Another caller has a count of their own; sounds to be heard are counted by address.
      const others = await Promise.all(
        ['/api/tts/synthesize', '/api/voice/stt'].map((url) =>
          house.inject({ method: 'POST', url, payload: { text: '!' }, headers: credentials['api-key'] }),
        ),
      );
      expect(others.map(({ statusCode }) => statusCode)).toEqual([422, 429]);
    } finally {
      await house.close();
    }
  });
});
