import type { Language } from '@malbeot/protocol';
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { deferred } from '../lib/deferred.ts';
import type { Provider } from '../providers/spec/provider.ts';
import {
  createHealth,
  databasePart,
  diskPart,
  providerPart,
  steadyPart,
  switchedOffPart,
  type FoundHealth,
  type HealthPart,
} from './health.ts';

const fine: FoundHealth = { status: 'ok', provider: null, stand_in: false, detail: 'Fine.', action: null };
const part = (health: Partial<FoundHealth>, vital = false): HealthPart => ({
  vital,
  check: () => ({ ...fine, ...health }),
});

function create(parts: Record<string, HealthPart>, limitMs = 1_000) {
  let nowMs = 0;
  const clock: Clock = { now: () => 0, monotonicMs: () => nowMs };
  const health = createHealth({
    version: '0.1.0',
    clock,
    parts,
    limitMs,
    signal: new AbortController().signal,
  });
  return {
    health: (language: Language = 'en') => health(language),
    pass: (ms: number) => void (nowMs += ms),
  };
}

const provider = (available: boolean, standIn = false): Provider => ({
  info: {
    id: 'demo_ear',
    name: 'Demo ear',
    cost: 'free',
    local: true,
    standIn,
    languages: ['ko'],
    needs: '',
  },
  availability: () => (available ? { available } : { available, reason: 'No file.', action: 'Get it.' }),
});

describe('health', () => {
  it.each([
    ['ok', { a: part({}), b: part({}, true) }],
    ['ok', { a: part({ stand_in: true }) }],
    ['degraded', { a: part({ status: 'degraded' }, true) }],
    ['degraded', { a: part({ status: 'down' }), b: part({}, true) }],
    ['down', { a: part({}), b: part({ status: 'down' }, true) }],
  ] as const)('is %s', async (status, parts) => {
    expect((await create(parts).health()).status).toBe(status);
  });

  it('tells version and uptime, which go on while the parts are remembered', async () => {
    const { health, pass } = create({ a: part({}) });
    pass(1_500);
    expect(await health()).toEqual({ status: 'ok', version: '0.1.0', uptime_seconds: 1, parts: { a: fine } });
    pass(1_000);
    expect((await health()).uptime_seconds).toBe(2);
  });

  it('looks once for all who ask within 2 seconds', async () => {
    const check = vi.fn<() => FoundHealth>(() => fine);
    const { health, pass } = create({ a: { vital: true, check } });
    await Promise.all([health(), health()]);
    pass(1_999);
    await health();
    expect(check).toHaveBeenCalledTimes(1);
    pass(1);
    await health();
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('takes a part that fails or hangs as down, and tells no secret', async () => {
    const { health } = create(
      {
        broken: { vital: false, check: () => Promise.reject(new Error('password hunter2')) },
        hanging: { vital: false, check: () => deferred<FoundHealth>().promise },
      },
      5,
    );
    const answer = await health();
    expect(answer.parts).toMatchObject({
      broken: { status: 'down', action: expect.any(String) },
      hanging: { status: 'down', detail: 'It did not answer within 5 ms.' },
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('names the first provider that can run, and stand-ins', async () => {
    const { health } = create({
      second: providerPart([provider(false), provider(true, true)], { vital: false }),
      none: providerPart([provider(false)], { vital: true }),
      off: switchedOffPart('TTS_ENABLED'),
    });
    expect(await health()).toMatchObject({
      status: 'down',
      parts: {
        second: { status: 'ok', provider: 'demo_ear', stand_in: true },
        none: {
          status: 'down',
          provider: null,
          detail: 'Demo ear can not be used. (No file.)',
          action: 'Get it. malbeot doctor checks it at length.',
        },
        off: { status: 'ok', detail: 'Switched off by TTS_ENABLED.' },
      },
    });
  });

  it('is degraded while a provider that can run is passed over, and down when all of them are', async () => {
    const first = provider(true);
    const other = {
      ...provider(true, true),
      info: { ...provider(true, true).info, id: 'other', name: 'Other' },
    };
    const { health } = create({
      taken: providerPart([first, other], { vital: false, current: () => 'other' }),
      fine: providerPart([first, other], { vital: false, current: () => first.info.id }),
      nobody: providerPart([first, other], { vital: false, current: () => null }),
    });
    expect((await health('en')).parts).toMatchObject({
      taken: {
        status: 'degraded',
        provider: 'other',
        stand_in: true,
        detail: `${first.info.name} keeps failing; Other takes its place.`,
      },
      fine: { status: 'ok', provider: first.info.id },
      nobody: { status: 'down', provider: null, action: expect.stringContaining('tried again') },
    });
  });

  it('says of a provider that it never met the real thing', async () => {
    const replayed = provider(true);
    const { health } = create({
      voice: providerPart([{ ...replayed, info: { ...replayed.info, triedWith: 'replay' } }], {
        vital: false,
      }),
    });
    expect((await health('en')).parts['voice']?.detail).toContain('answers as documented');
  });

  it('tells the same look in the language that is asked for', async () => {
    const { health } = create({
      ears: providerPart([provider(true, true)], { vital: false }),
      off: switchedOffPart('TTS_ENABLED'),
      steady: steadyPart(
        { detail: { key: 'health.rules' }, action: null },
        { vital: true, standIn: 'rules' },
      ),
    });
    expect((await health('en')).parts).toMatchObject({
      ears: { detail: 'Demo ear stands in for a better one. It knows: Korean.' },
      steady: { provider: 'rules', stand_in: true, action: null },
    });
    expect((await health('ko')).parts).toMatchObject({
      ears: { detail: expect.stringMatching(/대신하고 있어요\. 아는 말: 한국어\.$/) },
      off: { detail: 'TTS_ENABLED로 꺼 두었어요.', action: '쓰려면 TTS_ENABLED=on으로 해 주세요.' },
      steady: { detail: expect.stringContaining('규칙') },
    });
  });

  it.each([
    [50 * 1024 ** 2, 'down'],
    [500 * 1024 ** 2, 'degraded'],
    [5 * 1024 ** 3, 'ok'],
  ])('judges %i free bytes', async (free, status) => {
    const { health } = create({ disk: diskPart(() => Promise.resolve(free)) });
    expect((await health()).parts['disk']).toMatchObject({ status });
  });

  it('is down without its database', async () => {
    const reached = create({ database: databasePart({ dialect: 'sqlite', ping: () => Promise.resolve() }) });
    expect(await reached.health()).toMatchObject({
      status: 'ok',
      parts: { database: { provider: 'sqlite' } },
    });
    const lost = create({
      database: databasePart({ dialect: 'sqlite', ping: () => Promise.reject(new Error('gone')) }),
    });
    expect((await lost.health()).status).toBe('down');
  });
});
