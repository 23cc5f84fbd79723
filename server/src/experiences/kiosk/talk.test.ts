import type { ServerResponse } from '@malbeot/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { simulate, type Simulation } from '../../conversation/testing/simulation.ts';
import { toSpokenText } from '../../language/spoken-text.ts';
import { deferred } from '../../lib/deferred.ts';
import type { ProcessTurn } from './turns.ts';
import { createKioskTalks } from './talk.ts';
import { shippedMenu, startConversation, type Reply } from './testing.ts';

let talk: Simulation | undefined;
afterEach(async () => {
  await talk?.end();
  talk = undefined;
});

/** A customer in front of the kiosk, talking: the real dialogue and the real engine, in virtual time. */
async function stepUp(holdUp: (text: string) => Promise<void> = () => Promise.resolve()) {
  const counter = startConversation(shippedMenu());
  const replies: Reply[] = [];
  const process: ProcessTurn = async ({ input, ageMs, requestId, speak }) => {
    if (input.type !== 'text') throw new Error('Only words come over a talk.');
    await holdUp(input.text);
    const reply = await counter.say(input.text, ageMs);
    replies.push(reply);
    if (!reply.unspoken) speak!(toSpokenText(reply.message));
    const { message, actions: ui_actions, order: order_data } = reply;
    const value = { success: true, message, ui_actions, order_data, meta: { request_id: requestId } };
    return { status: 200, body: { type: 'json', value } };
  };
  const talks = createKioskTalks({
    sessions: {
      open: () =>
        Promise.resolve({ saved: { kioskId: null, state: { language: 'ko' } } as never, token: null }),
    },
    process,
  });
  const wordsOf = (responses: readonly ServerResponse[]) =>
    responses.map(
      ({ meta }) =>
        begun.all('transcript_final').find(({ data }) => data.turn_id === meta.request_id)?.data.text,
    );
  const opened = await talks.open('kiosk', 'ses_test', new AbortController().signal);
  const late: ServerResponse[] = [];
  opened.onLive!((_, { data }) => void late.push(data as unknown as ServerResponse));
  const begun = simulate({ talk: opened.talk, room: { leakDb: null } });
  talk = begun;
  await begun.pass(500);
  return {
    talk: begun,
    replies,
    status: () => replies.at(-1)!.order.status,
    /** The turns that the screen was told of while they ran, in order. */
    shown: () => wordsOf(begun.all('action').map(({ data }) => data.data as ServerResponse)),
    /** Those that it was told of when somebody had spoken over them. */
    shownLate: () => wordsOf(late),
  };
}

/** Lets time pass until so much of a sentence came out of the loudspeaker. */
async function hears({ loudspeaker, pass }: Simulation, sentence: string, ms: number): Promise<void> {
  const isHeard = () =>
    loudspeaker.played().some(({ text, playedMs }) => text === sentence && playedMs >= ms);
  while (!isHeard()) await pass(20);
}

/** Orders two colas; ends as the order is read back, before its price. */
async function readBack() {
  const customer = await stepUp();
  await customer.talk.say('콜라 두 잔 주세요');
  await customer.talk.quiet();
  await customer.talk.say('주문할게요');
  await hears(customer.talk, '콜라 두 개, 모두 삼천팔백 원이에요.', 400);
  expect(customer.replies.at(-1)!.message).toMatch(/모두 3,800원이에요\. 이대로 주문할까요\?$/);
  expect(customer.status()).toBe('confirming');
  return customer;
}

describe('a talk with the kiosk', () => {
  it('answers aloud and shows every turn', async () => {
    const { talk, shown, replies } = await stepUp();
    await talk.say('콜라 두 잔 주세요');
    await talk.quiet();
    expect(shown()).toEqual(['콜라 두 잔 주세요']);
    expect(talk.all('reply_done')[0]!.data.text).toBe(toSpokenText(replies[0]!.message));
    expect(talk.all('audio_start').length).toBeGreaterThan(0);
  });

  it('takes a “네” after the read-back for a yes', async () => {
    const { talk, status } = await readBack();
    await talk.quiet();
    await talk.say('네 네');
    await talk.quiet();
    expect(status()).toBe('confirmed');
  });

  it('takes a “네” over the last question for a yes', async () => {
    const { talk, status } = await readBack();
    await hears(talk, '이대로 주문할까요?', 400);
    await talk.say('네 네');
    await talk.quiet();
    expect(status()).toBe('confirmed');
  });

  it('places nothing by a “네” over the order itself', async () => {
    const { talk, replies, status } = await readBack();
    await talk.say('네 네');
    await talk.quiet();
    expect(talk.all('transcript_final').at(-1)!.data).toMatchObject({ text: '네 네', kind: 'backchannel' });
    expect(status()).toBe('confirming');
    expect(replies).toHaveLength(2);
    await talk.say('네 네');
    await talk.quiet();
    expect(status()).toBe('confirmed');
  });

  it('reads back again what was cut off before it was heard, whatever cut it off', async () => {
    const { talk, replies, status } = await readBack();
    await talk.say('네 그렇게 주문할게요');
    await talk.quiet();
    expect(talk.all('interrupted')).toHaveLength(1);
    expect(status()).toBe('confirming');
    expect(talk.all('reply_done').at(-1)!.data.text).toBe(toSpokenText(replies[1]!.message));
    await talk.say('네 그렇게 주문할게요');
    await talk.quiet();
    expect(status()).toBe('confirmed');
  });

  it('does a turn to its end that is overtaken by the next one, and shows it as soon as it is done', async () => {
    const [first, second] = [deferred<void>(), deferred<void>()];
    const { talk, shown, shownLate, replies } = await stepUp((text) =>
      text.startsWith('콜라') ? first.promise : second.promise,
    );
    await talk.say('콜라 두 잔 주세요');
    await talk.pass(1_000);
    await talk.say('감자튀김 하나 주세요');
    await talk.pass(1_000);
    first.resolve();
    await talk.pass(20);
    expect(shownLate()).toEqual(['콜라 두 잔 주세요']);
    expect(shown()).toEqual([]);
    second.resolve();
    await talk.quiet();
    expect(replies).toHaveLength(2);
    expect(shown()).toEqual(['감자튀김 하나 주세요']);
    expect(shownLate()).toHaveLength(1);
  });

  it('shows what a turn that took too long came to after all', async () => {
    const first = deferred<void>();
    const { talk, shown, shownLate } = await stepUp(() => first.promise);
    await talk.say('콜라 두 잔 주세요');
    await talk.pass(20_000);
    expect(talk.all('error').map(({ data }) => data.code)).toEqual(['MIND_UNAVAILABLE']);
    first.resolve();
    await talk.pass(20);
    expect(shown()).toEqual([]);
    expect(shownLate()).toEqual(['콜라 두 잔 주세요']);
  });
});
