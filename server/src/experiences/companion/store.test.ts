import { describe, expect, it } from 'vitest';
import type { FinishedTurn } from '../../conversation/ports.ts';
import { describeEachDialect } from '../../storage/testing.ts';
import { companionMigrations } from './migrations.ts';
import type { CompanionSession, CompanionUser } from './records.ts';
import { spreadOf } from './spread.ts';
import { createCompanionStore } from './store.ts';

const START = Date.UTC(2026, 10, 21, 9);
const { signal } = new AbortController();
let made = 0;

const newUser = (changes: Partial<CompanionUser> = {}): CompanionUser => ({
  userId: `usr_${++made}`,
  externalId: null,
  language: 'ko',
  createdAt: START,
  lastSeenAt: START,
  ...changes,
});

const newSession = (userId: string, changes: Partial<CompanionSession> = {}): CompanionSession => ({
  sessionId: `ses_${++made}`,
  userId,
  language: 'ko',
  character: null,
  state: null,
  summary: null,
  turns: 0,
  voiceTurns: 0,
  interruptions: 0,
  talkMs: 0,
  speechMs: 0,
  createdAt: START,
  lastTurnAt: null,
  endedAt: null,
  expiresAt: START + 1_000,
  ...changes,
});

const newTurn = (changes: Partial<FinishedTurn> = {}): FinishedTurn => ({
  turnId: `trn_${++made}`,
  at: START + 500,
  heard: { text: '안녕 👋', source: 'voice' },
  reply: '네, 안녕하세요.',
  replyHeard: '네,',
  interrupted: true,
  state: { version: 1 },
  report: {
    turnId: 'trn',
    experience: 'companion',
    way: 'voice',
    outcome: 'interrupted',
    language: 'ko',
    timings: {
      endpoint_ms: 1,
      final_ms: 2,
      first_token_ms: 3,
      first_audio_ms: null,
      done_ms: 5,
      speculative: false,
    },
    providers: { ears: 'demo_ear', mind: 'rules', voice: null },
    skipped: [],
    speechMs: 700.4,
    charactersIn: 4,
    charactersOut: 9,
  },
  ...changes,
});

const limits = { expiresAt: START + 9_000, acceptFrom: START };

describeEachDialect('the companion store', companionMigrations, (test) => {
  const open = () => createCompanionStore({ database: test.database });

  it('keeps people, and knows them by their name', async () => {
    const store = open();
    const [named, plain] = [newUser({ externalId: '손님 👋' }), newUser()];
    expect(await store.addUser(named)).toEqual(named);
    expect(await store.addUser(plain)).toEqual(plain);
    expect(await store.addUser(newUser({ externalId: '손님 👋' }))).toEqual(named);
    expect(await store.addUser({ ...plain, language: 'en' })).toEqual(plain);
    expect(await store.findUser(named.userId)).toEqual(named);
    expect(await store.findUserByName('손님 👋')).toEqual(named);
    expect(await store.findUserByName('손님')).toBeNull();
    expect(await store.nameUser(plain.userId, '손님 👋')).toBe(false);
    expect(await store.nameUser(plain.userId, '단골')).toBe(true);
    expect(await store.nameUser(plain.userId, '다른 이름')).toBe(false);
  });

  it('keeps one person where many ask for one name at once', async () => {
    const store = open();
    const added = await Promise.all(
      Array.from({ length: 8 }, () => store.addUser(newUser({ externalId: '한 사람' }))),
    );
    expect(new Set(added.map(({ userId }) => userId)).size).toBe(1);
  });

  it('keeps sessions with their turns, numbered in order even when two come at once', async () => {
    const store = open();
    const { userId } = await store.addUser(newUser());
    const session = newSession(userId, { character: '할머니' });
    await store.addSession(session);
    expect(await store.findSession(session.sessionId)).toEqual(session);
    expect(await store.findSession('ses_none')).toBeNull();
    const turns = Array.from({ length: 6 }, () => newTurn());
    const kept = await Promise.all(turns.map((turn) => store.keepTurn(session.sessionId, turn, limits)));
    expect(kept).toEqual(Array(6).fill(true));
    expect(await store.findSession(session.sessionId)).toEqual({
      ...session,
      state: { version: 1 },
      turns: 6,
      voiceTurns: 6,
      interruptions: 6,
      talkMs: 500,
      speechMs: 4_200,
      lastTurnAt: START + 500,
      expiresAt: START + 9_000,
    });
    const read = await store.turns({ sessionId: session.sessionId }, 4);
    expect(read.map(({ number }) => number)).toEqual([3, 4, 5, 6]);
    const { turnId, ...first } = (await store.firstTurn(session.sessionId))!;
    expect(turns.map((turn) => turn.turnId)).toContain(turnId);
    expect(first).toEqual({
      sessionId: session.sessionId,
      number: 1,
      at: START + 500,
      way: 'voice',
      heard: '안녕 👋',
      reply: '네, 안녕하세요.',
      replyHeard: '네,',
      interrupted: true,
      outcome: 'interrupted',
      timings: turns[0]!.report.timings,
      providers: turns[0]!.report.providers,
    });
    expect((await store.findUser(userId))!.lastSeenAt).toBe(START + 500);
  });

  it('keeps a turn once, and leaves the session as it was when it can not', async () => {
    const store = open();
    const { userId } = await store.addUser(newUser());
    const session = newSession(userId);
    await store.addSession(session);
    const turn = newTurn({ state: undefined });
    await store.keepTurn(session.sessionId, turn, limits);
    await expect(store.keepTurn(session.sessionId, turn, limits)).rejects.toThrow();
    expect(await store.findSession(session.sessionId)).toMatchObject({ turns: 1, state: null });
    expect(await store.keepTurn('ses_none', newTurn(), limits)).toBe(false);
  });

  it('counts long pauses as two minutes of talk', async () => {
    const store = open();
    const { userId } = await store.addUser(newUser());
    const session = newSession(userId);
    await store.addSession(session);
    await store.keepTurn(session.sessionId, newTurn({ at: START + 1_000 }), limits);
    await store.keepTurn(session.sessionId, newTurn({ at: START + 3_600_000 }), limits);
    expect((await store.findSession(session.sessionId))!.talkMs).toBe(121_000);
    expect(await store.totals(userId)).toEqual({ sessions: 1, turns: 2, talkMs: 121_000 });
    expect(await store.totals('usr_none')).toEqual({ sessions: 0, turns: 0, talkMs: 0 });
  });

  it('ends once, and takes no turn that comes too late', async () => {
    const store = open();
    const { userId } = await store.addUser(newUser());
    const session = newSession(userId);
    await store.addSession(session);
    await store.end(session.sessionId, START + 10, '요약');
    await store.end(session.sessionId, START + 20, '다른 요약');
    const ended = { endedAt: START + 10, expiresAt: START + 10, summary: '요약' };
    expect(await store.findSession(session.sessionId)).toMatchObject(ended);
    expect(await store.countOpen(userId, START + 10)).toBe(0);
    expect(await store.keepTurn(session.sessionId, newTurn(), { ...limits, acceptFrom: START + 11 })).toBe(
      false,
    );
    expect(await store.keepTurn(session.sessionId, newTurn(), { ...limits, acceptFrom: START + 10 })).toBe(
      true,
    );
    expect(await store.findSession(session.sessionId)).toMatchObject({ ...ended, turns: 1 });
  });

  it('sweeps what is over, with its turns, and people whom nobody could find', async () => {
    const store = open();
    const [plain, named, here] = [newUser(), newUser({ externalId: '단골' }), newUser()];
    const [old, young] = [newSession(plain.userId), newSession(here.userId, { expiresAt: START + 5_000 })];
    for (const user of [plain, named, here]) await store.addUser(user);
    for (const session of [old, young]) {
      await store.addSession(session);
      await store.keepTurn(session.sessionId, newTurn(), { ...limits, expiresAt: session.expiresAt });
    }
    expect(await store.sweep(START + 1_000, signal)).toEqual({ sessions: 0, people: 0 });
    expect(await store.sweep(START + 2_000, signal)).toEqual({ sessions: 1, people: 1 });
    expect(await store.turns({ userId: plain.userId }, 10)).toEqual([]);
    expect(await store.turns({ userId: here.userId }, 10)).toHaveLength(1);
    expect([await store.findUser(plain.userId), await store.findUser(named.userId)]).toEqual([null, named]);
  });
});

describe('spreadOf', () => {
  it('is the nearest rank of what is known', () => {
    expect(spreadOf([null, null])).toBeNull();
    expect(spreadOf([3, null])).toEqual({ p50: 3, p95: 3 });
    expect(spreadOf(Array.from({ length: 100 }, (_, index) => 100 - index))).toEqual({ p50: 50, p95: 95 });
  });
});
