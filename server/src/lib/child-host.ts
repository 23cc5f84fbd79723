import { silentLogger } from '../telemetry/logger.ts';
import { AbortedError } from './abort.ts';
import { BoundedQueue } from './bounded-queue.ts';
import { HostError, type FromChild, type HostChannel } from './child-host-channel.ts';
import type { ChildHost, ChildHostOptions, HostCall } from './child-host-types.ts';
import { systemClock } from './clock.ts';
import { deferred, type Deferred } from './deferred.ts';
import { waitInLine } from './wait-in-line.ts';

export type { ChildHost, ChildHostOptions } from './child-host-types.ts';

interface Work<Request, Part> {
  readonly id: number;
  readonly request: Request;
  readonly limitMs: number;
  readonly parts: BoundedQueue<Part>;
  timer: NodeJS.Timeout | undefined;
}

interface Child<Request, Part> {
  readonly channel: HostChannel<Request>;
  /** Which start this is, from 1. */
  readonly start: number;
  readonly running: Map<number, Work<Request, Part>>;
  readonly gone: Deferred<void>;
  ready: boolean;
  timer: NodeJS.Timeout | undefined;
  /** Why we ended it, if we did. */
  ended: string | undefined;
}

/** Deaths in a row up to which the child is started again before anybody asks for it. */
const EAGER_RESTARTS = 3;

export function createChildHost<Request, Part>({
  name,
  open,
  tellStderr = (stderr) => stderr,
  logger = silentLogger,
  clock = systemClock,
  maxRunning = 1,
  maxWaiting = 32,
  maxParts = 4096,
  startLimitMs = 10_000,
  waitLimitMs = 10_000,
  exitLimitMs = 1_000,
  restartDelayMs = 250,
  maxRestartDelayMs = 30_000,
}: ChildHostOptions<Request, Part>): ChildHost<Request, Part> {
  let child: Child<Request, Part> | undefined;
  let waiting: Work<Request, Part>[] = [];
  const starting: Deferred<void>[] = [];
  const readyListeners = new Set<() => void>();
  let nextId = 1;
  let starts = 0;
  let failuresInRow = 0;
  let retryAt = 0;
  let lastFailure: string | null = null;
  let restartTimer: NodeJS.Timeout | undefined;
  let closing: Promise<void> | undefined;
  /** Children that were sent to rest and are not gone yet. */
  const leaving = new Set<Promise<void>>();

  const retryInMs = () => Math.max(0, Math.ceil(retryAt - clock.monotonicMs()));

  function ensureChild(): void {
    if (closing !== undefined) throw new HostError('unavailable', `${name} is closed.`);
    if (child !== undefined) return;
    const pauseMs = retryInMs();
    if (pauseMs > 0) {
      throw new HostError('unavailable', `${name} ${lastFailure}; it starts again in ${pauseMs} ms.`, {
        retryAfterMs: pauseMs,
      });
    }
    launch();
  }

  function launch(): void {
    clearTimeout(restartTimer);
    starts += 1;
    const gone = deferred<void>();
    const current: Child<Request, Part> = {
      channel: open({
        message: (message) => onMessage(current, message),
        closed: (reason, stderr) => onClosed(current, reason, stderr),
      }),
      start: starts,
      running: new Map(),
      gone,
      ready: false,
      timer: undefined,
      ended: undefined,
    };
    child = current;
    current.timer = setTimeout(() => end(current, `was not ready within ${startLimitMs} ms`), startLimitMs);
  }

  function end(current: Child<Request, Part>, reason: string): void {
    current.ended ??= reason;
    current.channel.kill();
  }

  function onMessage(current: Child<Request, Part>, message: FromChild<Part>): void {
    if (current !== child || current.ended !== undefined) return;
    if (message.type === 'ready') {
      if (current.ready) return;
      current.ready = true;
      clearTimeout(current.timer);
      for (const turn of starting.splice(0)) turn.resolve();
      for (const listener of readyListeners) listener();
      return dispatch();
    }
    const work = current.running.get(message.id);
    if (work === undefined) return;
    if (message.type === 'part') {
      if (work.parts.tryPush(message.part)) return;
      work.parts.close(
        new HostError('failed', `${name} answered with more than ${maxParts} parts that nobody read.`),
      );
      return;
    }
    failuresInRow = 0;
    current.running.delete(work.id);
    clearTimeout(work.timer);
    if (message.type === 'end') work.parts.close();
    else work.parts.close(new HostError(message.kind, message.message));
    dispatch();
  }

  function onClosed(current: Child<Request, Part>, exitReason: string, stderr: string): void {
    clearTimeout(current.timer);
    current.gone.resolve();
    if (current !== child) return;
    child = undefined;
    const reason = current.ended ?? exitReason;
    const { running } = current;
    for (const work of running.values()) {
      clearTimeout(work.timer);
      const message = `${name} ${reason} during the request.`;
      work.parts.close(new HostError('unavailable', message, { died: true, start: current.start }));
    }
    if (closing !== undefined) return;

    lastFailure = reason;
    failuresInRow += 1;
    const pauseMs =
      failuresInRow === 1 ? 0 : Math.min(maxRestartDelayMs, restartDelayMs * 2 ** (failuresInRow - 2));
    retryAt = clock.monotonicMs() + pauseMs;
    logger.warn(
      {
        host: name,
        pid: current.channel.pid,
        reason,
        failuresInRow,
        pauseMs,
        lost: running.size,
        stderr: tellStderr(stderr),
      },
      'child process ended',
    );
    if (pauseMs > 0) {
      failAll(
        new HostError('unavailable', `${name} ${reason}; it starts again in ${pauseMs} ms.`, {
          retryAfterMs: pauseMs,
        }),
      );
    }
    if (waiting.length > 0 || starting.length > 0 || failuresInRow <= EAGER_RESTARTS) {
      restartTimer = setTimeout(() => {
        if (child === undefined && closing === undefined) launch();
      }, pauseMs);
      restartTimer.unref();
    }
  }

  function failAll(error: HostError): void {
    for (const work of waiting.splice(0)) {
      clearTimeout(work.timer);
      work.parts.close(error);
    }
    for (const turn of starting.splice(0)) turn.reject(error);
  }

  function dispatch(): void {
    const current = child;
    if (current === undefined || !current.ready || current.ended !== undefined) return;
    while (current.running.size < maxRunning) {
      const work = waiting.shift();
      if (work === undefined) return;
      clearTimeout(work.timer);
      current.running.set(work.id, work);
      work.timer = setTimeout(() => {
        const reason = `did not finish a request within ${work.limitMs} ms`;
        current.running.delete(work.id);
        const message = `${name} ${reason} and was ended.`;
        work.parts.close(new HostError('timeout', message, { died: true, start: current.start }));
        end(current, reason);
      }, work.limitMs);
      current.channel.send({ type: 'request', id: work.id, request: work.request });
    }
  }

  function enter(request: Request, limitMs: number): Work<Request, Part> {
    ensureChild();
    if (waiting.length >= maxWaiting) {
      throw new HostError(
        'unavailable',
        `${name} is busy: ${maxWaiting} requests wait already. Try again in a moment.`,
      );
    }
    const work: Work<Request, Part> = {
      id: nextId++,
      request,
      limitMs,
      parts: new BoundedQueue<Part>(maxParts),
      timer: undefined,
    };
    work.timer = setTimeout(() => {
      waiting = waiting.filter((other) => other !== work);
      work.parts.close(
        new HostError('timeout', `The turn of the request at ${name} did not come within ${waitLimitMs} ms.`),
      );
    }, waitLimitMs);
    waiting.push(work);
    dispatch();
    return work;
  }

  function leave(work: Work<Request, Part>): void {
    const index = waiting.indexOf(work);
    if (index >= 0) {
      waiting.splice(index, 1);
      clearTimeout(work.timer);
    } else if (child?.running.get(work.id) === work) {
      // Its limit stays: a child that hangs is found out even when everybody has stopped waiting for it.
      child.channel.send({ type: 'cancel', id: work.id });
    }
  }

  async function* stream(
    request: Request,
    { limitMs }: HostCall,
    signal: AbortSignal,
  ): AsyncGenerator<Part, void, void> {
    if (signal.aborted) throw new AbortedError(signal.reason);
    const work = enter(request, limitMs);
    const onAbort = () => work.parts.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      yield* work.parts;
    } finally {
      signal.removeEventListener('abort', onAbort);
      leave(work);
    }
  }

  return {
    stream,
    async call(request, call, signal) {
      let answer: { readonly part: Part } | undefined;
      for await (const part of stream(request, call, signal)) answer = { part };
      if (answer === undefined) throw new HostError('failed', `${name} answered with nothing.`);
      return answer.part;
    },
    async start(signal) {
      if (signal.aborted) throw new AbortedError(signal.reason);
      ensureChild();
      if (child?.ready === true) return;
      await waitInLine(starting, signal);
    },
    onReady(listener) {
      readyListeners.add(listener);
      return () => void readyListeners.delete(listener);
    },
    status: () => ({
      state:
        closing !== undefined
          ? 'closed'
          : child !== undefined
            ? child.ready
              ? 'ready'
              : 'starting'
            : retryInMs() > 0
              ? 'backing-off'
              : 'idle',
      pid: child?.channel.pid ?? null,
      starts,
      failuresInRow,
      retryInMs: retryInMs(),
      lastFailure,
      running: child?.running.size ?? 0,
      waiting: waiting.length,
    }),
    async rest() {
      const current = child;
      const busy = waiting.length > 0 || starting.length > 0;
      if (current?.ready !== true || current.running.size > 0 || busy || closing !== undefined) return false;
      // From here on it is not ours any more: its end says nothing, and the next request starts another at once.
      child = undefined;
      const gone = letGo(current);
      leaving.add(gone);
      await gone;
      leaving.delete(gone);
      return true;
    },
    close: () => (closing ??= shutDown()),
  };

  /** Asks the child to leave, and ends it where it does not. */
  async function letGo(current: Child<Request, Part>): Promise<void> {
    clearTimeout(current.timer);
    current.channel.end();
    const timer = setTimeout(() => current.channel.kill(), exitLimitMs);
    await current.gone.promise;
    clearTimeout(timer);
  }

  async function shutDown(): Promise<void> {
    clearTimeout(restartTimer);
    readyListeners.clear();
    const closed = new HostError('unavailable', `${name} was closed during the request.`);
    failAll(closed);
    for (const work of child?.running.values() ?? []) {
      clearTimeout(work.timer);
      work.parts.close(closed);
    }
    await Promise.all([child === undefined ? undefined : letGo(child), ...leaving]);
  }
}
