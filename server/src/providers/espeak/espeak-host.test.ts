import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createFrameReader } from '../../lib/child-host-frames.ts';
import { ESPEAK_PROGRAM } from './open-espeak-host.ts';

type Message = Readonly<Record<string, unknown>>;

/** The program itself, spoken to byte by byte as any other program might. */
function startProgram() {
  const child = spawn(process.execPath, [ESPEAK_PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] });
  const messages: Message[] = [];
  let soundBytes = 0;
  let arrived: (() => void) | undefined;
  const read = createFrameReader(1024 * 1024, ({ kind, payload }) => {
    if (kind === 2) soundBytes += payload.length - 4;
    else messages.push(JSON.parse(payload.toString()) as Message);
    arrived?.();
  });
  child.stdout.on('data', read);
  const frame = (kind: number, payload: string | Uint8Array) => {
    const body = Buffer.from(payload);
    const header = Buffer.alloc(5);
    header.writeUInt32BE(body.length, 0);
    header[4] = kind;
    return Buffer.concat([header, body]);
  };
  return {
    child,
    frame,
    write: (bytes: Buffer) => child.stdin.write(bytes),
    soundBytes: () => soundBytes,
    /** The next message that is of interest: not `marks`. */
    async next(): Promise<Message> {
      for (;;) {
        const index = messages.findIndex(({ type }) => type !== 'marks');
        if (index >= 0) return messages.splice(0, index + 1).at(-1)!;
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
  };
}

const speak = (id: number, more: object = {}) =>
  JSON.stringify({ type: 'speak', id, text: '네', voice: 'ko', ...more });

describe('the espeak host', () => {
  let program: ReturnType<typeof startProgram>;
  let ready: Message;
  beforeAll(async () => {
    program = startProgram();
    ready = await program.next();
  });
  afterAll(() => void program.child.kill('SIGKILL'));

  it.each([
    ['an unknown kind', 9, 'x', 'bad_frame'],
    ['no JSON', 1, '{"type":', 'bad_frame'],
    ['more than 64 KiB', 1, Buffer.alloc(70_000, 0x20), 'bad_frame'],
    ['nothing', 1, '', 'bad_frame'],
    ['no object', 1, '7', 'invalid_input'],
    ['no id', 1, '{"type":"speak","text":"a","voice":"ko"}', 'invalid_input'],
    ['an unknown type', 1, '{"type":"sing","id":1}', 'invalid_input'],
    ['more than 5,000 characters', 1, speak(1, { text: '가'.repeat(5_001) }), 'invalid_input'],
    ['no text', 1, speak(1, { text: '' }), 'invalid_input'],
    ['a voice that is a path', 1, speak(1, { voice: '../ko' }), 'invalid_input'],
    ['a language that it does not keep', 1, speak(1, { voice: 'ru' }), 'invalid_input'],
    ['a rate beyond all measure', 1, speak(1, { wordsPerMinute: 1e9 }), 'invalid_input'],
  ])('answers %s with an error and goes on', async (_, kind, payload, code) => {
    program.write(program.frame(kind, payload));
    expect(await program.next()).toMatchObject({ type: 'error', code });
    program.write(program.frame(1, speak(2)));
    expect(await program.next()).toMatchObject({ type: 'end', id: 2 });
  });

  it('says what it can do', () => {
    expect(ready).toEqual({ type: 'ready', sampleRate: 22_050, languages: ['ko', 'en'] });
  });

  it('gives as much sound as it says', async () => {
    const before = program.soundBytes();
    program.write(program.frame(1, speak(3, { text: '안녕하세요. 반갑습니다.' })));
    const { durationMs } = await program.next();
    expect(((program.soundBytes() - before) / 2 / 22_050) * 1000).toBeCloseTo(durationMs as number, 3);
  });

  it('reads frames in whatever pieces they come', async () => {
    const bytes = program.frame(1, speak(4));
    for (const byte of bytes) program.write(Buffer.from([byte]));
    expect(await program.next()).toMatchObject({ type: 'end', id: 4 });
    program.write(
      Buffer.concat([bytes, program.frame(1, speak(5)), program.frame(1, '{"type":"cancel","id":5}')]),
    );
    expect(await program.next()).toMatchObject({ type: 'error', id: 5, code: 'cancelled' });
    expect(await program.next()).toMatchObject({ type: 'end', id: 4 });
  });

  it('takes no more than 64 waiting requests', async () => {
    const frames = Array.from({ length: 70 }, (_, index) => program.frame(1, speak(100 + index)));
    program.write(Buffer.concat(frames));
    const answers: Message[] = [];
    for (let count = 0; count < 70; count++) answers.push(await program.next());
    expect(answers.filter(({ code }) => code === 'overloaded')).toHaveLength(6);
    expect(answers.filter(({ type }) => type === 'end')).toHaveLength(64);
  });

  it('leaves when its input ends', async () => {
    const other = startProgram();
    await other.next();
    other.child.stdin.end();
    expect(await once(other.child, 'exit')).toEqual([0, null]);
  });

  it('ends when the stream has lost its place', async () => {
    const other = startProgram();
    await other.next();
    other.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]));
    expect(await other.next()).toMatchObject({ code: 'bad_frame' });
    expect(await once(other.child, 'exit')).toEqual([2, null]);
  });
});
