import type { ServerResponse } from '@malbeot/protocol';
import { inspect } from 'node:util';
import { createBooks, type Books } from './books.ts';
import { newCustomer, remember, request, type Customer, type Request } from './customer.ts';
import { Violation, type Asked } from './moment.ts';
import type { Place, SessionRow } from './place.ts';
import type { Answered, Broken } from './process.ts';
import type { Ask, Script, Step } from './script.ts';
import { openShop, type Shop } from './shop.ts';

/** A request is sent again so often before its customer gives up. */
const MOST_TRIES = 6;
/** How often time has to pass until every payment of a dialogue is settled. */
const MOST_ROUNDS = 40;
const ROUND_MS = 65_000;

/** What became of a dialogue. */
export interface Played {
  /** What must not have happened, in words; null when all went well. */
  readonly violation: string | null;
  /** The dialogue of a violation, for people: a line for each request. Empty without one. */
  readonly lines: readonly string[];
  readonly counts: Counts;
}

/** What the dialogues came across, so that it shows when they no longer do. */
export interface Counts {
  readonly turns: number;
  readonly placed: number;
  readonly charged: number;
  readonly reversed: number;
  readonly calledOff: number;
  readonly crashes: number;
  /** Requests that were sent again because no answer came. */
  readonly retries: number;
  /** Requests that came again although they were answered. */
  readonly repeats: number;
}

interface Sending {
  readonly ask: Ask;
  readonly request: Request;
  readonly at: number;
  answer: Answered<ServerResponse> | Answered<unknown> | null;
  tries: number;
}

/** Plays a dialogue against the real kiosk over `place`, and keeps books of it. */
export async function play(place: Place, script: Script, broken: Broken = {}): Promise<Played> {
  place.empty();
  const lines: (() => string)[] = [];
  const failures: unknown[] = [];
  let early: Violation | null = null;
  const counts = { turns: 0, crashes: 0, retries: 0, repeats: 0 };
  const books: Books = createBooks({ rows: place.rows, bank: () => shop.bank });
  /** What is noticed in the middle of a turn must not become an error of the turn. */
  const noticing = (work: () => void) => {
    try {
      work();
    } catch (error) {
      early ??= error as Violation;
    }
  };
  const shop: Shop = openShop({
    place,
    script,
    broken,
    onCharge: (charge) => noticing(() => books.charge(charge)),
    onMoney: (orderId) => noticing(() => books.money(orderId)),
    onFailure: (error) => failures.push(error),
  });
  const customers = [newCustomer(), newCustomer()] as const;

  function fail(): void {
    if (early !== null) throw early;
    const [failure] = failures;
    if (failure !== undefined) throw new Violation(`A turn failed: ${inspect(failure)}`);
  }

  function send(sending: Sending, step: Step): void {
    const { ask, request: what } = sending;
    sending.tries++;
    if (sending.tries > 1) counts.retries++;
    const process = shop.process(ask.at);
    let isLost = false;
    process.life.onEnd(() => (isLost = true));
    void deliver(shop, ask.at, what, shop.clock.now() - sending.at).then(
      (answer) => {
        // The first answers of this step never reach their customer.
        if (!isLost && (!step.lost || sending.tries > 1)) sending.answer = answer;
      },
      (error: unknown) => void failures.push(error),
    );
  }

  async function playStep(step: Step): Promise<void> {
    await shop.pass(step.afterMs);
    shop.shuffle(step.id);
    if (step.event === 'menu') shop.putNewMenu();
    if (step.event === 'late') shop.deliverLate();
    const sendings = ready(step);
    const befores = new Map<string, SessionRow | null>();
    for (const { request: what } of sendings) {
      const sessionId = sessionOf(what);
      if (sessionId !== null) befores.set(sessionId, place.rows.session(sessionId));
    }
    if (step.crash !== null && sendings.length > 0)
      shop.process(step.crash.at).life.endAfter(step.crash.steps);
    const asked = sendings.map(({ request: what }) => note(what));
    for (const sending of sendings) send(sending, step);
    await shop.settle();
    let interrupted: Map<string, SessionRow | null> | null = null;
    for (let tries = 1; sendings.some(({ answer }) => answer === null); tries++) {
      fail();
      if (tries > MOST_TRIES) throw new Violation('A request is never answered.');
      if (([0, 1] as const).some((at) => shop.isDown(at))) {
        counts.crashes++;
        interrupted ??= new Map([...befores.keys()].map((id) => [id, place.rows.session(id)]));
        await shop.pass(step.crash?.downMs ?? 1_000);
      } else await shop.pass(300);
      for (const sending of sendings.filter(({ answer }) => answer === null)) send(sending, step);
      await shop.settle();
    }
    fail();
    close(sendings, asked, befores, interrupted);
    books.check();
  }

  function ready(step: Step): Sending[] {
    const sendings: Sending[] = [];
    for (const [at, ask] of step.asks.entries()) {
      const customer = customers[ask.who];
      const standing = customer.sessionId === null ? null : place.rows.session(customer.sessionId);
      const key = `${step.id}-${at}`;
      const made = ask.same ? (sendings[0]?.request ?? null) : request(customer, ask.what, key, standing);
      if (made !== null) sendings.push({ ask, request: made, at: shop.clock.now(), answer: null, tries: 0 });
    }
    // Two first requests at once begin two sessions; the customer has one.
    return sendings.filter(
      ({ request }, at) => at === 0 || request.type !== 'turn' || request.turn.sessionId !== null,
    );
  }

  function note(what: Request): Asked | null {
    if (what.type === 'leave') return null;
    if (what.type === 'page-pay') {
      const { key, meaning, orderId } = what;
      const sessionId = place.rows.order(orderId)?.session_id ?? null;
      books.ask({ key, sessionId, meaning, at: shop.clock.now(), isAgain: false }, orderId);
      return null;
    }
    const { turn, meaning, isAgain } = what;
    const asked = { key: turn.key, sessionId: turn.sessionId, meaning, at: shop.clock.now(), isAgain };
    books.ask(asked);
    return asked;
  }

  function close(
    sendings: readonly Sending[],
    asked: readonly (Asked | null)[],
    befores: ReadonlyMap<string, SessionRow | null>,
    interrupted: ReadonlyMap<string, SessionRow | null> | null,
  ): void {
    const moments = new Map<string, { asked: Asked[]; heard: ServerResponse[]; tries: number }>();
    for (const { ask, request } of sendings) if (request.type === 'turn') customers[ask.who].latest = [];
    const now = shop.clock.now();
    for (const [at, { ask, request: what, answer, tries }] of sendings.entries()) {
      lines.push(() => lineOf(now, ask, what, answer!, tries));
      const customer = customers[ask.who];
      if (what.type === 'leave') forget(customer);
      if (what.type !== 'turn') continue;
      counts.turns++;
      if (what.isAgain) counts.repeats++;
      const { status, body } = answer as Answered<ServerResponse>;
      if (status === 404) {
        expectOver(what.turn.sessionId!);
        forget(customer);
        continue;
      }
      if (status !== 200) throw new Violation(`A turn was answered with ${status}: ${body.message}`);
      if (!what.isAgain)
        customer.sent = remember(customer.sent, {
          ...what,
          turn: { ...what.turn, sessionId: body.session_id },
        });
      customer.sessionId = body.session_id;
      customer.heard = remember(customer.heard, body);
      customer.latest = [...customer.latest, body];
      const moment = moments.get(body.session_id) ?? { asked: [], heard: [], tries: 0 };
      moments.set(body.session_id, moment);
      moment.asked.push(asked[at]!);
      moment.heard.push(body);
      moment.tries += tries;
    }
    for (const [sessionId, moment] of moments) {
      books.close({
        ...moment,
        sessionId,
        before: befores.get(sessionId) ?? null,
        interrupted: interrupted?.get(sessionId) ?? null,
      });
    }
  }

  function expectOver(sessionId: string): void {
    const row = place.rows.session(sessionId);
    if (row === null || row.expiresAt > shop.clock.now())
      throw new Violation(`Session ${sessionId} was not found.`);
  }

  async function playToEnd(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      shop.start();
      await shop.pass(ROUND_MS);
      if (round === 1) shop.deliverLate();
      fail();
      if (round > 1 && !place.rows.hasOpenPayments()) break;
    }
    shop.deliverLate();
    fail();
    books.checkAtEnd();
  }

  let violation: string | null = null;
  try {
    for (const step of script.steps) await playStep(step);
    await playToEnd();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    violation = error.message;
  }
  const reversed = shop.bank.movements.filter(({ amount }) => amount < 0).length;
  const { placed, charged, calledOff } = books;
  return {
    violation,
    lines: violation === null ? [] : lines.map((line) => line()),
    counts: { ...counts, placed, charged, reversed, calledOff },
  };
}

function sessionOf(what: Request): string | null {
  return what.type === 'turn' ? what.turn.sessionId : what.type === 'leave' ? what.sessionId : null;
}

function deliver(shop: Shop, at: 0 | 1, what: Request, ageMs: number): Promise<Answered<unknown>> {
  const process = shop.process(at);
  switch (what.type) {
    case 'turn':
      return process.turn({ ...what.turn, ageMs });
    case 'page-pay':
      return process.beginPayment(what.orderId, { method: what.method }, what.key);
    case 'leave':
      return process.endSession(what.sessionId);
  }
}

function forget(customer: Customer): void {
  customer.sessionId = null;
  customer.heard = [];
  customer.latest = [];
  customer.sent = [];
}

function lineOf(
  now: number,
  { who, at }: Ask,
  what: Request,
  { status, body }: Answered<unknown>,
  tries: number,
): string {
  const seconds = ((now % 86_400_000) / 1_000).toFixed(2);
  const said =
    what.type === 'turn'
      ? `${what.isAgain ? 'again ' : ''}${JSON.stringify(what.turn.input)} ${what.turn.key}`
      : JSON.stringify(what);
  const response = what.type === 'turn' ? (body as ServerResponse | null) : null;
  const order = response?.order_data;
  const told = response === null ? JSON.stringify(body) : response.message;
  const stands =
    order == null
      ? ''
      : ` [${order.items.map(({ quantity, item_id }) => `${quantity} ${item_id}`).join(', ')} | ${order.total_amount} ${order.status}]`;
  return `${seconds}s customer ${who} at process ${at}${tries > 1 ? ` (${tries} tries)` : ''}: ${said}\n      → ${status} ${told}${stands}`;
}
