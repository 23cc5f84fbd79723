import type { Language } from '@malbeot/protocol';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pullCommand, type PullCommand } from './pull-command.ts';
import { createPullProgress } from './pull-progress.ts';
import { removeCommand } from './remove-command.ts';
import { openPullBench, quickLimits, type PullBench } from './testing/pull-bench.ts';

let bench: PullBench;
beforeEach(async () => {
  bench = await openPullBench();
});
afterEach(() => bench.close());

/** A terminal at which this is answered; null for none. */
function terminalOf(answer: string | null, language: Language = 'en') {
  const lines: string[] = [];
  const complaints: string[] = [];
  const asked: string[] = [];
  const terminal = {
    language,
    print: (line: string) => void lines.push(line),
    complain: (line: string) => void complaints.push(line),
    ask:
      answer === null
        ? null
        : (question: string) => {
            asked.push(question);
            return Promise.resolve(answer);
          },
    rewrite: null,
  };
  return { terminal, lines, complaints, asked };
}

const pull = (change: Partial<PullCommand> & Pick<PullCommand, 'terminal'>) =>
  pullCommand({
    ids: ['tiny-voice'],
    isAgreed: false,
    catalogue: [bench.model],
    folder: bench.folder,
    mirror: null,
    offline: null,
    signal: new AbortController().signal,
    freeBytes: () => Promise.resolve(1e12),
    now: () => 0,
    limits: quickLimits,
    ...change,
  });

describe('malbeot models pull', () => {
  it('shows size, licence and what it forbids, and fetches nothing without a yes', async () => {
    for (const answer of ['', 'n', 'what?', 'nyet']) {
      const { terminal, lines, asked } = terminalOf(answer);
      expect(await pull({ terminal })).toBe('failed');
      const text = lines.join('\n');
      expect(text).toContain('tiny-voice: Tiny voice (voice: ko, en)');
      expect(text).toContain('OpenRAIL-M, https://example.org/licence');
      expect(text).toContain('It must not be used to harm people.');
      expect(text).toMatch(/to fetch, about .+ on the disk/);
      expect(text).toContain('Nothing was fetched.');
      expect(asked).toHaveLength(1);
    }
    expect(bench.mirror.seen).toEqual([]);
    expect(existsSync(bench.home)).toBe(false);
  });

  it('asks in Korean too', async () => {
    const { terminal, lines, asked } = terminalOf('아니요', 'ko');
    expect(await pull({ terminal })).toBe('failed');
    expect(lines.join('\n')).toContain('사람을 해치는 데 쓸 수 없어요.');
    expect(asked[0]).toContain('동의');
  });

  it.each(['y', 'YES', '네', '예'])('fetches after %s', async (answer) => {
    const { terminal, lines } = terminalOf(answer);
    expect(await pull({ terminal })).toBe('done');
    expect(bench.isTrue()).toBe(true);
    expect(lines.join('\n')).toMatch(/tiny-voice: ready \(\d+\.?\d* kB\)\./);
  });

  it('needs --yes where nobody can be asked', async () => {
    const { terminal, complaints } = terminalOf(null);
    expect(await pull({ terminal })).toBe('usage');
    expect(complaints.join('\n')).toContain('malbeot models pull tiny-voice --yes');
    expect(bench.mirror.seen).toEqual([]);
    expect(await pull({ terminal, isAgreed: true })).toBe('done');
  });

  it('names the models there are when it is asked for another', async () => {
    const { terminal, complaints } = terminalOf('y');
    expect(await pull({ terminal, ids: ['tiny-voice', 'huge-voice'] })).toBe('usage');
    expect(complaints).toEqual(['There is no model huge-voice. There are: tiny-voice']);
  });

  it('leaves a whole model alone, and fetches a damaged one again', async () => {
    const { terminal, lines } = terminalOf(null);
    await pull({ terminal, isAgreed: true });
    const before = bench.mirror.seen.length;
    expect(await pull({ terminal })).toBe('done');
    expect(bench.mirror.seen.length).toBe(before);
    expect(lines.at(-1)).toBe('tiny-voice: is here already; size and content are right.');
    writeFileSync(join(bench.home, 'vocoder.onnx'), Buffer.alloc(20_000));
    expect(await pull({ terminal, isAgreed: true })).toBe('done');
    expect(bench.isTrue()).toBe(true);
  });

  it('says of each place why it did not do', async () => {
    bench.mirror.plan({ type: 'page' });
    const { terminal, complaints } = terminalOf(null, 'ko');
    expect(await pull({ terminal, isAgreed: true })).toBe('failed');
    expect(complaints[0]).toBe(
      `tiny.tar.bz2: ${bench.mirror.url}/source/tiny.tar.bz2: 파일이 아니라 웹 페이지를 보냈어요.`,
    );
    expect(complaints.join('\n')).toContain('tiny-voice를 받지 못했어요');
    expect(complaints.join('\n')).toContain('MODELS_OFFLINE');
  });

  it('says how to go on when it is stopped', async () => {
    const stopping = new AbortController();
    bench.mirror.setPiece(1_000, () => stopping.abort(new Error('Ctrl+C')));
    const { terminal, complaints } = terminalOf(null);
    expect(await pull({ terminal, isAgreed: true, signal: stopping.signal })).toBe('failed');
    expect(complaints).toEqual(['Stopped. malbeot models pull tiny-voice goes on from here.']);
  });
});

describe('malbeot models remove', () => {
  const remove = (ids: readonly string[], answer: string | null, isAgreed = false) => {
    const { terminal, complaints, lines } = terminalOf(answer);
    const { signal } = new AbortController();
    const outcome = removeCommand({
      ids,
      isAgreed,
      builtIn: ['demo-ear'],
      folder: bench.folder,
      terminal,
      signal,
    });
    return outcome.then((ended) => ({ ended, said: [...lines, ...complaints].join('\n') }));
  };

  it('asks first', async () => {
    await bench.pull();
    expect(await remove(['tiny-voice'], 'n')).toEqual({ ended: 'failed', said: 'Nothing was removed.' });
    expect((await remove(['tiny-voice'], null)).ended).toBe('usage');
    expect(bench.isTrue()).toBe(true);
    expect(await remove(['tiny-voice'], 'y')).toEqual({
      ended: 'done',
      said: 'tiny-voice is removed.\nIf the server is running, start it again.',
    });
    expect(existsSync(bench.home)).toBe(false);
  });

  it('keeps what comes with the server, and knows only what is here', async () => {
    expect((await remove(['demo-ear'], null, true)).said).toContain('comes with the server');
    for (const id of ['tiny-voice', '..', '.pulling', '../x'])
      expect(await remove([id], null, true)).toMatchObject({ ended: 'usage' });
  });

  it('takes what an interrupted pull has left', async () => {
    mkdirSync(join(bench.folder, '.pulling', 'tiny-voice', 'downloads'), { recursive: true });
    expect((await remove(['tiny-voice'], null, true)).ended).toBe('done');
    expect(existsSync(join(bench.folder, '.pulling', 'tiny-voice'))).toBe(false);
  });
});

describe('the progress of a pull', () => {
  it('moves on a terminal, with speed and what is left', () => {
    const lines: string[] = [];
    let now = 0;
    const progress = createPullProgress({
      language: 'en',
      rewrite: (line) => void lines.push(line),
      print: () => expect.unreachable(),
      now: () => now,
    });
    for (let done = 0; done <= 100e6; done += 10e6) {
      progress.event({ type: 'fetch', file: 'a.tar.bz2', done, total: 100e6 });
      now += 1_000;
    }
    expect(lines[5]).toBe(
      '[############............]  50%  50.0 MB / 100.0 MB  10.0 MB/s  0:05 left  Fetching a.tar.bz2',
    );
    expect(lines).toHaveLength(11);
    progress.clear();
    expect(lines.at(-1)).toBe('');
  });

  it('is a line every few seconds elsewhere', () => {
    const lines: string[] = [];
    let now = 0;
    const print = (line: string) => void lines.push(line);
    const progress = createPullProgress({ language: 'ko', rewrite: null, print, now: () => now });
    for (let done = 0; done <= 100e6; done += 10e6) {
      progress.event({ type: 'fetch', file: 'a', done, total: 100e6 });
      now += 1_000;
    }
    expect(lines.map((line) => line.split('  ')[0])).toEqual(['0%', '50%', '100%']);
    expect(lines[1]).toContain('a 받는 중');
  });
});

describe('the hint about bzip2', () => {
  const unpack = (by: 'program' | 'javascript', secondsPerStep: number) => {
    const lines: string[] = [];
    const moving: string[] = [];
    let now = 0;
    const progress = createPullProgress({
      language: 'en',
      rewrite: (line) => void moving.push(line),
      print: (line) => void lines.push(line),
      now: () => now,
    });
    for (let done = 0; done <= 100; done += 10) {
      progress.event({ type: 'unpack', file: 'a.tar.bz2', done, total: 100, by });
      now += secondsPerStep * 1_000;
    }
    expect(moving.at(-1)).toContain('Unpacking a.tar.bz2');
    return lines;
  };

  it('is given once, and only where JavaScript takes its time', () => {
    expect(unpack('javascript', 4)).toEqual(['Unpacking in JavaScript; install bzip2 to make it faster.']);
    expect(unpack('javascript', 1)).toEqual([]);
    expect(unpack('program', 4)).toEqual([]);
  });
});
