import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { costOf, startKeypad } from './keypad.ts';

const box = (left: number, top: number) => ({ left, top, right: left + 100, bottom: top + 100 });

describe('costOf', () => {
  it('takes what lies straight ahead before what lies aside', () => {
    const here = box(0, 0);
    expect(costOf('ArrowRight', here, box(220, 0))).toBeLessThan(costOf('ArrowRight', here, box(110, 110)));
    expect(costOf('ArrowDown', here, box(0, 110))).toBeLessThan(costOf('ArrowDown', here, box(110, 110)));
  });

  it('goes into a tall neighbour from beside any part of it', () => {
    const panel = { left: 220, right: 400, top: 0, bottom: 900 };
    const below = { left: 110, right: 210, top: 110, bottom: 210 };
    expect(costOf('ArrowRight', box(0, 0), panel)).toBeLessThan(costOf('ArrowRight', box(0, 0), below));
  });

  it('never goes back', () => {
    expect(costOf('ArrowRight', box(200, 0), box(0, 0))).toBe(Number.POSITIVE_INFINITY);
    expect(costOf('ArrowUp', box(0, 0), box(0, 200))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('startKeypad', () => {
  let stop: () => void;
  const used = vi.fn<() => void>();
  const pressed: string[] = [];

  beforeEach(() => {
    // jsdom lays nothing out; everything counts as shown.
    vi.spyOn(Element.prototype, 'getClientRects').mockReturnValue([{}] as unknown as DOMRectList);
    document.body.innerHTML = `<main>
      <button data-choice="1" id="burger"></button><button data-key="staff" id="staff"></button>
      <button data-key="talk" id="talk"></button><input id="text" />
      <dialog><button data-choice="1" id="yes"></button></dialog></main>`;
    document.addEventListener('click', onClick);
    stop = startKeypad(document.querySelector('main')!, used);
  });
  afterEach(() => {
    stop();
    document.removeEventListener('click', onClick);
    pressed.length = 0;
    vi.restoreAllMocks();
  });
  const onClick = ({ target }: Event) => pressed.push((target as HTMLElement).id);
  const press = (key: string, on: EventTarget = document.body) =>
    on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));

  it('presses the numbered choice, the microphone and the call for staff', () => {
    for (const key of ['1', '0', '*', '7']) press(key);
    expect(pressed).toEqual(['burger', 'talk', 'staff']);
    expect(used).toHaveBeenCalledTimes(3);
  });

  it('presses once however long the key is held', () => {
    press('1');
    const held = new KeyboardEvent('keydown', { key: '1', bubbles: true, cancelable: true, repeat: true });
    document.body.dispatchEvent(held);
    expect(pressed).toEqual(['burger']);
  });

  it('stays within an open dialog', () => {
    document.querySelector('dialog')!.setAttribute('open', '');
    press('1');
    expect(pressed).toEqual(['yes']);
  });

  it('leaves typed digits to the text field', () => {
    press('1', document.querySelector('#text')!);
    expect(pressed).toEqual([]);
  });

  it('does nothing once stopped', () => {
    stop();
    press('1');
    expect(pressed).toEqual([]);
  });
});
