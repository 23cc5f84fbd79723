import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  answer,
  cut,
  json,
  problem,
  startScriptedServer,
  type ScriptedServer,
  type Step,
} from '../../test/scripted-server.ts';
import { orderItem, orderOf, smallMenu, updateOrder } from '../terminal/testing.ts';
import { exitCodes } from './exit-codes.ts';
import { runCommandLine } from './run-command-line.ts';

let server: ScriptedServer;
let folder: string;
beforeEach(async () => {
  server = await startScriptedServer();
  folder = await mkdtemp(join(tmpdir(), 'malbeot-command-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Runs a command as in a pipe: nobody sits at it. */
async function run(args: readonly string[], { typed = '', env = {} } = {}): Promise<Ran> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  input.end(typed);
  const code = await runCommandLine({
    args,
    env,
    input,
    output,
    errors,
    interrupted: new AbortController().signal,
    version: () => Promise.resolve('1.2.3'),
  });
  return { code, out: String(output.read() ?? ''), errors: String(errors.read() ?? '') };
}

const toServer = () => ['--server', server.baseUrl, '--max-tries', '1'];
const order = orderOf([orderItem('콜라', 1900)]);
const added = json(
  200,
  answer({ message: '담았어요.', order_data: order, ui_actions: [updateOrder(order)] }),
);
const ended = json(204, null);

describe('malbeot-client', () => {
  it('helps in both languages, with every exit code', async () => {
    for (const [language, usage] of [
      ['ko', '쓰는 법'],
      ['en', 'Usage'],
    ] as const) {
      for (const about of [[], ['kiosk'], ['send']]) {
        const { code, out } = await run([...about, '--help', '--language', language]);
        expect(code).toBe(0);
        expect(out).toContain(usage);
        for (const exit of Object.values(exitCodes)) expect(out).toMatch(new RegExp(`^  ${exit} `, 'm'));
      }
    }
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', errors: '' });
  });

  it('says what is wrong, never with a trace', async () => {
    const wrong = await run(['kiosk', '--colour', '--language=en']);
    expect(wrong).toMatchObject({ code: exitCodes.usage, out: '' });
    expect(wrong.errors).toBe('There is no option --colour here.\nFor help: malbeot-client --help\n');
    const setting = await run(['kiosk', '--server', 'shop', '--language', 'en']);
    expect(setting.code).toBe(exitCodes.usage);
    expect(setting.errors).toContain('--server');
    const script = await run(['kiosk', '--script', join(folder, 'none.txt')]);
    expect(script.code).toBe(exitCodes.usage);
    expect(script.errors).toContain('none.txt');
    for (const { errors } of [wrong, setting, script]) expect(errors).not.toMatch(/\n\s+at /);
  });
});

describe('malbeot-client kiosk in a pipe', () => {
  it('answers line by line, and leaves in good order', async () => {
    server.script(json(200, smallMenu), added, ended);
    const { code, out, errors } = await run(['kiosk', ...toServer()], {
      typed: '콜라 하나\n/quit\n사이다\n',
    });
    expect(code).toBe(exitCodes.done);
    expect(errors).toBe('');
    expect(out.split('\n')).toEqual([
      `말벗 키오스크 · ${server.baseUrl}`,
      '말벗: 어서 오세요. 드시고 싶은 메뉴를 적어 주세요. 예: 불고기버거 두 개랑 콜라 하나 주세요',
      '손님: 콜라 하나',
      '말벗: 담았어요.',
      '주문:',
      '  콜라 1개 1,900원',
      '  합계 1개 1,900원',
      '',
    ]);
    expect(server.arrived.map(({ method }) => method)).toEqual(['GET', 'POST', 'DELETE']);
  });

  it('types a script, then what was given, in order, and does not wait for more', async () => {
    const script = join(folder, 'lines.txt');
    await writeFile(script, '\uFEFF# an order\r\n\r\n콜라 하나\r\n2\r\n1\r\n');
    server.script(json(200, smallMenu), added, added, added, ended);
    const { code } = await run(['kiosk', ...toServer(), '--script', script, '--text', '사이다 하나']);
    expect(code).toBe(exitCodes.done);
    const turns = server.arrived.filter(({ method }) => method === 'POST').map((request) => request.turn());
    expect(turns.map(({ text, action }) => text ?? action)).toEqual([
      '콜라 하나',
      { type: 'add', item_id: 'americano' },
      '사이다 하나',
    ]);
  });

  it('prints nothing but answers as JSON; what goes wrong is told beside them', async () => {
    server.script(json(200, smallMenu), added, ended);
    const { code, out, errors } = await run(['kiosk', ...toServer(), '--json'], { typed: '콜라\n/dance\n' });
    expect(code).toBe(exitCodes.refused);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ message: '담았어요.', order_data: { total_amount: 1900 } });
    expect(errors).toBe('! /dance 명령은 없어요. /help로 명령을 볼 수 있어요.\n');
  });

  it('says where it looked when there is no server', async () => {
    server.script(cut);
    const { code, out } = await run(['kiosk', ...toServer(), '--text', '콜라', '--language', 'en']);
    expect(code).toBe(exitCodes.unreachable);
    expect(out).toContain(`The server at ${server.baseUrl} can’t be reached.`);
    expect(server.arrived).toHaveLength(1);
  });

  it('says what a device needs that the server does not know', async () => {
    server.script(json(401, problem(401, 'UNAUTHENTICATED')));
    const { code, out } = await run(['kiosk', ...toServer(), '--text', '콜라']);
    expect(code).toBe(exitCodes.notAllowed);
    expect(out).toContain('--device-key');
  });

  it('keeps words while nothing can be reached, and delivers them the next time', async () => {
    const queue = ['--queue-folder', join(folder, 'queue')];
    let isAway = true;
    const step: Step = (reply, arrived) => {
      const answering = arrived.method === 'GET' ? json(200, smallMenu) : added;
      return (isAway ? cut : answering)(reply, arrived);
    };
    server.script(...Array.from({ length: 50 }, () => step));
    const kept = await run(['kiosk', ...toServer(), ...queue, '--text', '콜라 하나']);
    expect(kept.code).toBe(exitCodes.done);
    expect(kept.out).toContain('적어 두었어요');

    isAway = false;
    const before = server.arrived.length;
    const later = await run(['kiosk', ...toServer(), ...queue, '--text', '사이다 하나']);
    expect(later.code).toBe(exitCodes.done);
    const turns = server.arrived.slice(before).filter(({ method }) => method === 'POST');
    expect(turns.map((request) => request.turn().text)).toEqual(['콜라 하나', '사이다 하나']);
    expect(later.out).toContain('적어 둔 1건을 보냈어요.');
  });
});

describe('malbeot-client send', () => {
  it('prints each answer on a line', async () => {
    server.script(added, added, ended);
    const { code, out } = await run(['send', ...toServer(), '--text', '콜라', '--text', '사이다']);
    expect(code).toBe(exitCodes.done);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { message: string }).message),
    ).toEqual(['담았어요.', '담았어요.']);
    expect(server.arrived[1]?.turn().session_id).toBe('ses_1');
  });

  it('sends sounds', async () => {
    const wav = join(folder, 'order.wav');
    await writeFile(wav, 'RIFF');
    server.script(added, ended);
    expect((await run(['send', ...toServer(), '--wav', wav])).code).toBe(exitCodes.done);
    expect(server.arrived[0]?.body.toString('latin1')).toContain('RIFF');
    expect(await run(['send', ...toServer(), '--wav', join(folder, 'none.wav')])).toMatchObject({
      code: exitCodes.usage,
      out: '',
    });
  });

  it('ends with what went wrong', async () => {
    server.script(json(200, answer({ success: false })), ended);
    expect((await run(['send', ...toServer(), '--text', '?'])).code).toBe(exitCodes.refused);
    server.script(cut);
    expect((await run(['send', ...toServer(), '--text', '?'])).code).toBe(exitCodes.unreachable);
    server.script(json(403, problem(403, 'FORBIDDEN')));
    expect((await run(['send', ...toServer(), '--text', '?'])).code).toBe(exitCodes.notAllowed);
  });
});
