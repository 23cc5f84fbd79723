import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { breakableStore, startQueueBench, type QueueBench } from '../../test/queue-bench.ts';
import { answer, cut, hang, json } from '../../test/scripted-server.ts';
import { isQueued, type ServerResponse } from '../index.ts';
import { writeWav } from '../sound/write-wav.ts';

let bench: QueueBench;
beforeEach(async () => {
  bench = await startQueueBench();
});
afterEach(() => bench.close());

const ok = (fields: Partial<ServerResponse> = {}) => json(200, answer(fields));
const turns = () => bench.server.arrived.filter(({ path }) => path === '/api/voice/process');
const idle = () => expect.poll(() => bench.records.size, { timeout: 2000 }).toBe(0);

describe('bounds', () => {
  it('what does not fit is not taken, and said so', async () => {
    const { voice } = bench.open({ maxTurns: 2 });
    bench.server.script(cut);
    await voice.sendText('하나');
    await voice.sendText('둘');
    await expect(voice.sendText('셋')).rejects.toMatchObject({
      code: 'QUEUE_FULL',
      message: expect.stringMatching(/더 적어 둘 자리가 없어요/) as unknown,
    });
    expect(bench.metrics).toContainEqual({ type: 'turn-dropped', number: null, reason: 'full' });
  });

  it('bytes count too', async () => {
    const { voice } = bench.open({ maxBytes: 20_000 });
    bench.server.script(cut);
    const wav = writeWav(new Float32Array(8000), 16_000);
    await voice.sendAudio(wav);
    await expect(voice.sendAudio(wav)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  });

  it('a long talk gives up its own beginning', async () => {
    const { voice } = bench.open({ maxTurns: 3 });
    bench.server.script(...Array.from({ length: 8 }, () => ok()));
    for (let turn = 0; turn < 8; turn++) await voice.sendText('콜라');
    expect([...bench.records.keys()].filter((name) => name.startsWith('turn-')).length).toBeLessThanOrEqual(
      3,
    );
    expect(voice.sessionId).toBe('ses_1');
  });

  it('a disk that can not take a turn is told before anything is sent', async () => {
    const { voice } = bench.open({ store: breakableStore(bench.records, () => true) });
    await expect(voice.sendText('하나')).rejects.toThrow('no space left');
    expect(turns()).toHaveLength(0);
  });

  it('a disk that fails later costs no answer and no order', async () => {
    let broken = true;
    const store = breakableStore(bench.records, (name) => broken && name.startsWith('done-'));
    const { voice, queue } = bench.open({ store });
    bench.server.script(ok({ message: '하나' }));
    expect(isQueued(await voice.sendText('하나'))).toBe(true);
    expect(bench.metrics).toContainEqual(expect.objectContaining({ type: 'queue-error' }));
    broken = false;
    bench.server.script(ok({ message: '하나' }));
    bench.endWaits();
    await queue.settled();
    const [first, second] = turns().map(({ headers }) => headers['idempotency-key']);
    expect(second).toBe(first);
    expect(bench.deliveries.map(({ answer }) => answer?.message)).toEqual(['하나']);
  });
});

describe('calling off', () => {
  it('takes a turn back that was not sent yet', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(hang);
    void voice.sendText('하나').catch(() => undefined);
    await expect.poll(() => turns().length).toBe(1);
    const controller = new AbortController();
    const second = voice.sendText('둘', { signal: controller.signal });
    await expect.poll(() => bench.records.has('turn-000000000002')).toBe(true);
    controller.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    expect((await queue.status()).waiting).toBe(1);
    await expect(voice.sendText('셋', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('leaves a turn on its way that was', async () => {
    const { voice, queue } = bench.open();
    let release: (() => void) | undefined;
    bench.server.script((reply, arrived) => {
      release = () => void ok({ message: '하나' })(reply, arrived);
    });
    const controller = new AbortController();
    const first = voice.sendText('하나', { signal: controller.signal });
    await expect.poll(() => release).toBeDefined();
    controller.abort(new Error('left'));
    await expect(first).rejects.toThrow('left');
    release?.();
    await queue.settled();
    expect(bench.deliveries.map(({ answer }) => answer?.message)).toEqual(['하나']);
  });

  it('a wait for everything to settle can be ended', async () => {
    const { voice, queue } = bench.open();
    bench.server.script(cut);
    await voice.sendText('하나');
    const controller = new AbortController();
    const settled = queue.settled(controller.signal);
    controller.abort(new Error('enough'));
    await expect(settled).rejects.toThrow('enough');
  });
});

describe('telling', () => {
  it('is done again later when it failed, before the turn is forgotten', async () => {
    let failing = true;
    const { voice, queue } = bench.open({
      onDelivered(delivery) {
        if (failing) throw new Error('the printer is out of paper');
        bench.deliveries.push(delivery);
      },
    });
    bench.server.script(cut);
    await voice.sendText('하나');
    await voice.reset();
    await expect.poll(() => bench.waits().length).toBe(1);
    bench.server.script(ok({ message: '하나' }));
    bench.endWaits();
    await expect.poll(() => bench.waits()).toEqual([30_000]);
    expect(bench.records.size).toBeGreaterThan(0);
    failing = false;
    bench.endWaits();
    await queue.settled();
    expect(bench.deliveries.map(({ answer }) => answer?.message)).toEqual(['하나']);
    await idle();
  });

  it('goes on after a restart where the power failed', async () => {
    const first = bench.open({ onDelivered: () => new Promise(() => undefined) });
    bench.server.script(cut);
    await first.voice.sendText('하나');
    await expect.poll(() => bench.waits().length).toBe(1);
    bench.server.script(ok({ message: '하나' }));
    bench.endWaits();
    await expect.poll(() => bench.records.has('done-000000000001')).toBe(true);
    const after = bench.open();
    await after.queue.settled();
    expect(bench.deliveries.map(({ answer }) => answer?.message)).toEqual(['하나']);
    expect(turns()).toHaveLength(2);
    await idle();
  });
});

it('belongs to one client', () => {
  const { queue } = bench.open();
  expect(() => queue.attach({} as never)).toThrow('belongs to a client already');
});

it('says so when it is closed, and keeps what it has', async () => {
  const { voice, queue } = bench.open();
  bench.server.script(cut);
  await voice.sendText('하나');
  await queue.close();
  await expect(voice.sendText('둘')).rejects.toMatchObject({ code: 'QUEUE_BROKEN' });
  const after = bench.open();
  bench.server.script(ok());
  await after.queue.settled();
  expect(bench.deliveries).toHaveLength(1);
});
