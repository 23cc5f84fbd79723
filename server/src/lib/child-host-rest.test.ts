import { describe, expect, it } from 'vitest';

import type { HostChannelEvents, OpenHostChannel, ToChild } from './child-host-channel.ts';
import { createChildHost } from './child-host.ts';

interface FakeChild {
  readonly events: HostChannelEvents<string>;
  readonly sent: ToChild<string>[];
  ended: boolean;
  killed: boolean;
}

const CALL = { limitMs: 5_000 };
const quiet = () => new AbortController().signal;

/** A host whose children answer nothing by themselves. */
function fakeHost(exitLimitMs = 1_000) {
  const children: FakeChild[] = [];
  const open: OpenHostChannel<string, string> = (events) => {
    const child: FakeChild = { events, sent: [], ended: false, killed: false };
    children.push(child);
    return {
      pid: children.length,
      send: (message) => void child.sent.push(message),
      end: () => {
        child.ended = true;
      },
      kill: () => {
        child.killed = true;
        events.closed('was ended by SIGKILL', '');
      },
    };
  };
  return { host: createChildHost<string, string>({ name: 'fake', open, exitLimitMs }), children };
}

async function started() {
  const fake = fakeHost();
  const ready = fake.host.start(quiet());
  fake.children[0]!.events.message({ type: 'ready' });
  await ready;
  return fake;
}

const leaves = (child: FakeChild) => child.events.closed('ended with status 0', '');

describe('a child that is sent to rest', () => {
  it('leaves, and that is no failure; the next request starts another', async () => {
    const { host, children } = await started();
    const resting = host.rest();
    expect(children[0]!.ended).toBe(true);
    leaves(children[0]!);
    expect(await resting).toBe(true);
    expect(children[0]!.killed).toBe(false);
    expect(host.status()).toMatchObject({
      state: 'idle',
      pid: null,
      failuresInRow: 0,
      lastFailure: null,
      retryInMs: 0,
    });
    const answer = host.call('a', CALL, quiet());
    expect(children).toHaveLength(2);
    children[1]!.events.message({ type: 'ready' });
    children[1]!.events.message({ type: 'part', id: 1, part: 'a0' });
    children[1]!.events.message({ type: 'end', id: 1 });
    expect(await answer).toBe('a0');
    const closing = host.close();
    leaves(children[1]!);
    await closing;
  });

  it('does not hold up who asks while it leaves, and takes nothing with it', async () => {
    const { host, children } = await started();
    const resting = host.rest();
    const answer = host.call('a', CALL, quiet());
    children[1]!.events.message({ type: 'ready' });
    leaves(children[0]!);
    await resting;
    children[1]!.events.message({ type: 'part', id: 1, part: 'a0' });
    children[1]!.events.message({ type: 'end', id: 1 });
    expect(await answer).toBe('a0');
    expect(host.status()).toMatchObject({ state: 'ready', pid: 2 });
    const closing = host.close();
    leaves(children[1]!);
    await closing;
  });

  it('is ended when it does not leave', async () => {
    const { host, children } = fakeHost(1);
    const ready = host.start(quiet());
    children[0]!.events.message({ type: 'ready' });
    await ready;
    expect(await host.rest()).toBe(true);
    expect(children[0]!.killed).toBe(true);
    await host.close();
  });

  it('is waited for when the host is closed', async () => {
    const { host, children } = await started();
    const resting = host.rest();
    let closed = false;
    const closing = host.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    leaves(children[0]!);
    await closing;
    expect(await resting).toBe(true);
  });

  it('has to have nothing to do', async () => {
    const { host, children } = fakeHost();
    expect(await host.rest()).toBe(false);
    const answer = host.call('a', CALL, quiet());
    expect(await host.rest()).toBe(false);
    children[0]!.events.message({ type: 'ready' });
    expect(await host.rest()).toBe(false);
    children[0]!.events.message({ type: 'part', id: 1, part: 'a0' });
    children[0]!.events.message({ type: 'end', id: 1 });
    await answer;
    const closing = host.close();
    expect(await host.rest()).toBe(false);
    leaves(children[0]!);
    await closing;
  });
});
