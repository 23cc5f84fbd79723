import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

import { paintLine, terminalCodes } from './ansi.ts';
import type { KioskEngine } from './engine.ts';
import { parseInput, type Input } from './input.ts';
import type { KioskStore } from './kiosk-store.ts';
import { editedText, insertText, pressKey, takeLine, type Key } from './line-editor.ts';
import { layout } from './screens/layout.ts';
import { SPINNER_STEP_MS } from './screens/spinner.ts';
import { wordsOf } from './words-of.ts';

export interface FullScreenOptions {
  readonly store: KioskStore;
  readonly engine: KioskEngine;
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly colour: boolean;
  /** Lines to begin with, as if they were typed. */
  readonly script: readonly string[];
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

const SECOND_MS = 1000;
/** A receipt that nobody looks at any more makes way for the next customer. */
const RECEIPT_MS = 60_000;
/** How often an untouched order is compared with the server's, which ends it after some minutes. */
const SESSION_CHECK_MS = 60_000;

/** The kiosk on the whole terminal. Resolves with how it was left; the terminal is then as it was before. */
export async function runFullScreen(options: FullScreenOptions): Promise<'quit' | 'interrupted'> {
  const { store, engine, input, output, colour, script, signal, now = Date.now } = options;
  let leave: (how: 'quit' | 'interrupted') => void = () => undefined;
  const left = new Promise<'quit' | 'interrupted'>((resolve) => (leave = resolve));
  const draw = createDrawing({ store, output, colour });
  let touchedAtMs = now();
  let checkedAtMs = now();
  let pasting = false;
  let timer: NodeJS.Timeout;

  async function enter(): Promise<void> {
    const { editor } = store.state;
    const parsed = parseInput(editedText(editor), store.state);
    if (parsed.type === 'quit') return leave('quit');
    // What is on the screen may change with the answer under way: a number must not hit what nobody has seen.
    if (parsed.type === 'act' && store.state.waiting > 0) {
      return store.dispatch({ type: 'notice', text: wordsOf(store.state.language).tooQuick });
    }
    store.dispatch({ type: 'editor', editor: takeLine(editor).editor });
    await engine.perform(parsed);
  }

  async function runScript(): Promise<void> {
    for (const line of script) {
      if (signal.aborted) return;
      const parsed: Input = parseInput(line, store.state);
      if (parsed.type === 'quit') return leave('quit');
      await engine.perform(parsed);
    }
  }

  function onKey(text: string | undefined, key: Key): void {
    touchedAtMs = now();
    const { state } = store;
    if (key.name === 'paste-start') pasting = true;
    else if (key.name === 'paste-end') pasting = false;
    else if (pasting) {
      store.dispatch({ type: 'editor', editor: insertText(state.editor, text ?? key.sequence ?? '') });
    } else if (key.ctrl === true && key.name === 'c') leave('interrupted');
    else if (key.ctrl === true && key.name === 'd' && state.editor.letters.length === 0) leave('quit');
    else if (key.ctrl === true && key.name === 'l') draw.again();
    else if (state.recording !== null) {
      if (key.name === 'return' || key.name === 'enter') engine.endRecording('finish');
      if (key.name === 'escape') engine.endRecording('cancel');
    } else if (key.name === 'return' || key.name === 'enter') void enter();
    else if (key.name === 'escape') escape();
    else store.dispatch({ type: 'editor', editor: pressKey(state.editor, text, key) });
  }

  /** Back to what matters now: from help, from the menu, from words half typed. */
  function escape(): void {
    const { view, editor } = store.state;
    if (editor.letters.length > 0)
      store.dispatch({ type: 'editor', editor: { ...editor, letters: [], cursor: 0 } });
    else if (view !== 'now') store.dispatch({ type: 'view', view: 'now' });
    else if (store.state.question === null) store.dispatch({ type: 'browse', category: null });
  }

  function tick(): void {
    const nowMs = now();
    store.dispatch({ type: 'tick', nowMs });
    const { state } = store;
    if (state.receipt !== null && state.waiting === 0 && nowMs - touchedAtMs > RECEIPT_MS) {
      touchedAtMs = nowMs;
      void engine.leave();
    } else if (nowMs - Math.max(touchedAtMs, checkedAtMs) > SESSION_CHECK_MS) {
      checkedAtMs = nowMs;
      void engine.checkSession();
    }
    timer = setTimeout(tick, isMoving() ? SPINNER_STEP_MS : SECOND_MS);
  }

  function isMoving(): boolean {
    const { waiting, recording, question } = store.state;
    return (
      waiting > 0 || recording !== null || (question?.type === 'payment' && question.data.payment !== null)
    );
  }

  const unfollow = store.follow((before, event, after) => {
    draw.soon();
    if (event.type === 'turn-start' && before.waiting === 0 && after.waiting > 0) {
      clearTimeout(timer);
      timer = setTimeout(tick, SPINNER_STEP_MS);
    }
  });
  const onResize = () => draw.again();
  const onAbort = () => leave('interrupted');
  signal.addEventListener('abort', onAbort, { once: true });
  emitKeypressEvents(input);
  const wasRaw = input.isRaw;
  // However the process ends, the terminal must be as it was.
  const restore = () => {
    if (input.isTTY) input.setRawMode(wasRaw);
    output.write(terminalCodes.leave);
  };
  process.once('exit', restore);
  input.setRawMode(true);
  input.resume();
  input.on('keypress', onKey);
  output.on('resize', onResize);
  output.write(terminalCodes.enter);
  tick();
  draw.again();
  try {
    void engine.connect().then(runScript);
    return await left;
  } finally {
    clearTimeout(timer!);
    unfollow();
    draw.stop();
    signal.removeEventListener('abort', onAbort);
    input.off('keypress', onKey);
    output.off('resize', onResize);
    process.off('exit', restore);
    restore();
    input.pause();
  }
}

interface Drawing {
  /** Draws what has changed, once everything that is under way has been taken in. */
  soon(): void;
  /** Draws everything. */
  again(): void;
  /** Draws nothing more. */
  stop(): void;
}

function createDrawing({
  store,
  output,
  colour,
}: Pick<FullScreenOptions, 'store' | 'output' | 'colour'>): Drawing {
  let drawn: readonly string[] = [];
  let drawnCursor = '';
  let stopped = false;

  let isDue = false;

  /** What comes in one go, such as a pasted line, is drawn once. */
  function soon(): void {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      if (!stopped) now();
    });
  }

  function now(): void {
    const { lines, cursor } = layout(store.state, { columns: output.columns, rows: output.rows });
    const painted = lines.map((line) => paintLine(line, { colour }));
    const changes = painted.flatMap((line, row) =>
      line === drawn[row] ? [] : [terminalCodes.moveTo(row, 0) + terminalCodes.clearToEnd + line],
    );
    const place = terminalCodes.moveTo(cursor.row, cursor.column);
    if (changes.length === 0 && place === drawnCursor) return;
    drawn = painted;
    drawnCursor = place;
    const shown = store.state.recording === null ? terminalCodes.showCursor : '';
    output.write(terminalCodes.hideCursor + changes.join('') + place + shown);
  }

  return {
    soon,
    again() {
      drawn = [];
      drawnCursor = '';
      output.write(terminalCodes.clear);
      now();
    },
    stop() {
      stopped = true;
    },
  };
}
