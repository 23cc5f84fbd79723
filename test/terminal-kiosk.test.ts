import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { startMalbeot, type Malbeot } from '../web/test/harness/malbeot.ts';
import { hasTerminal, openTerminal, type Terminal } from './terminal.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

if (!hasTerminal) {
  console.warn('The kiosk in a terminal is not tested: tmux is not on this machine (apt-get install tmux).');
}

describe.skipIf(!hasTerminal)('the kiosk in a terminal', () => {
  let malbeot: Malbeot;
  let terminal: Terminal | undefined;
  beforeAll(async () => {
    malbeot = await startMalbeot({ env: { KIOSK_TERMINAL: 'simulator' } });
  }, 120_000);
  afterAll(() => malbeot?.close());
  afterEach(() => terminal?.close());

  /** Opens the kiosk below a line that has to be there again afterwards. */
  async function open(columns: number, rows: number, flags: string, env: Record<string, string> = {}) {
    const kiosk = `"${process.execPath}" --conditions=malbeot:source --import tsx client/src/cli.ts kiosk`;
    const { PATH = '', HOME = '' } = process.env;
    terminal = await openTerminal({
      command: `echo before the kiosk; ${kiosk} --server ${malbeot.url} --no-voice ${flags}; echo "ended with $?"; exec sleep 600`,
      columns,
      rows,
      folder: root,
      env: { PATH, HOME, LANG: 'C.UTF-8', ...env },
    });
    return terminal;
  }

  /** The terminal is as it was before the kiosk: its own screen, a cursor, wrapped lines. */
  async function expectRestored(kiosk: Terminal): Promise<void> {
    expect(await kiosk.screen()).toMatch(/^before the kiosk\n/);
    expect(await kiosk.state('alternate_on')).toBe('0');
    expect(await kiosk.state('cursor_flag')).toBe('1');
    expect(await kiosk.state('wrap_flag')).toBe('1');
  }

  it('takes an order from the first word to the receipt', async () => {
    const kiosk = await open(100, 32, '--language ko --kiosk-id front');
    const start = await kiosk.shows(['말벗 키오스크 · front', '● 연결됨', '불고기버거', /초코선데이 +품절/]);
    expect(start).toContain('아직 담은 메뉴가 없어요.');
    expect(await kiosk.state('alternate_on')).toBe('1');

    await kiosk.type('불고기버거 두 개랑 아메리카노 하나 포장해 주세요');
    await kiosk.shows([
      '손님 › 불고기버거 두 개랑 아메리카노 하나 포장해 주세요',
      /불고기버거 +2개 +9,000원/,
      '! 골라 주세요: 온도',
      '온도: 하나를 골라 주세요',
      '│ 1  따뜻한',
      '│ 2  아이스',
    ]);

    await kiosk.type('2');
    await kiosk.shows([/아이스 아메리카노 +1개 +2,500원/, /합계 +3개 +11,500원/], ['골라 주세요: 온도']);

    await kiosk.type('주문할게요');
    await kiosk.shows(['╭─ 확인해 주세요', '이대로 주문할까요?', '│ 1  네, 주문할게요', '11,500원']);

    await kiosk.type('1');
    await kiosk.shows(['╭─ 결제', '어떻게 결제할까요?', '│ 1  카드', '모의 결제라서']);

    await kiosk.type('1');
    await kiosk.shows(['카드 결제를 기다리고 있어요']);
    const paid = await kiosk.shows(['╭─ 주문이 들어갔어요', '결제했어요. 번호를 부르면 받아 가세요.', '███']);
    const number = /주문번호는 (\d+)번/.exec(paid)?.[1];
    expect(number).toBeDefined();

    await kiosk.resize(60, 24);
    const narrow = await kiosk.shows(
      [/╭─ 주문이 들어갔어요 ─+ 포장 ─╮/, '결제했어요.'],
      ['http://localhost'],
    );
    expect(narrow.split('\n')).toHaveLength(25);

    await kiosk.type('/quit');
    await kiosk.shows([`주문 번호는 ${number}번이에요.`, 'ended with 0']);
    await expectRestored(kiosk);
  });

  it('speaks English, fits a small window, and leaves on Ctrl-C', async () => {
    const kiosk = await open(44, 20, '', { MALBEOT_LANGUAGE: 'en' });
    await kiosk.shows(['● connected', '1 Burgers', 'Nothing chosen yet.']);
    await kiosk.type('1');
    await kiosk.shows(['1  Bulgogi Burger', '0 whole menu']);
    await kiosk.type('1');
    await kiosk.shows([/×1 Bulgogi Burger +Total ₩4,500/]);
    await kiosk.type('/order');
    await kiosk.shows([/Bulgogi Burger +×1 +₩4,500/, /Total +1 item +₩4,500/]);
    await kiosk.type('/help');
    await kiosk.shows(['╭─ Help', '/start-over', '/quit']);
    await kiosk.press('Escape');
    await kiosk.shows(['╭─ Your order'], ['╭─ Help']);
    await kiosk.press('C-c');
    await kiosk.shows(['ended with 130']);
    await expectRestored(kiosk);
  });

  it('hears recordings, and says which is not there', async () => {
    const kiosk = await open(84, 24, '--language ko --wav web/test/fixtures/order-ko.wav');
    await kiosk.shows(['손님 › 불고기버거 두 개랑 콜라 하나 주세요', /합계 +3개 +10,900원/]);
    await kiosk.type('/wav nowhere.wav');
    await kiosk.shows(['! ', 'nowhere.wav 파일을 읽을 수 없어요.']);
  });

  it('shows that the server is gone, and goes on when it is back', async () => {
    const kiosk = await open(84, 24, '--language ko --max-tries 1');
    await kiosk.shows(['● 연결됨']);
    await malbeot.kill();
    await kiosk.type('콜라 하나 주세요');
    await kiosk.shows(['✕ 연결 끊김', '서버에 연결하지 못했어요.']);
    await malbeot.start();
    await kiosk.shows(['● 연결됨', '다시 연결됐어요.']);
    await kiosk.type('콜라 하나 주세요');
    await kiosk.shows([/콜라 +1개 +1,900원/]);
  }, 60_000);
});
