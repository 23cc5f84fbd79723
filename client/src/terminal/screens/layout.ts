import type { ShowReceiptData } from '@malbeot/protocol';

import type { KioskState } from '../kiosk-state.ts';
import { beside, fitLine, lineOf, span, wrapLine, type Line } from '../styled-line.ts';
import { wordsOf } from '../words-of.ts';
import { headerLine } from './header.ts';
import { helpPanel } from './help-panel.ts';
import { hintLine, inputLine } from './input-line.ts';
import { menuBoard, menuBoardHeight } from './menu-board.ts';
import { orderPanel, orderPanelHeight } from './order-panel.ts';
import { questionPanel, questionPanelHeight, type QuestionArea } from './question-panel.ts';
import { receiptPanel } from './receipt-panel.ts';
import { talkHeight, talkLines } from './talk.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** A whole screen: exactly as many lines as it has rows, each as wide as it has columns. */
export interface Screen {
  readonly lines: readonly Line[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** The smallest screen that is drawn on. */
export const SMALLEST_SCREEN: ScreenSize = { columns: 40, rows: 12 };
/** From this width on, menu and order stand beside each other. */
const TWO_COLUMNS_FROM = 84;
/** Header, rule, input, hints. */
const ROWS_AROUND = 4;
const LEAST_ORDER_ROWS = 3;
const RECEIPT_COLUMNS = 60;

/** The kiosk as it is seen on a screen of this size. */
export function layout(state: KioskState, { columns, rows }: ScreenSize): Screen {
  const input = inputLine(state, columns);
  if (columns < SMALLEST_SCREEN.columns || rows < SMALLEST_SCREEN.rows) {
    const asking = wrapLine([], wordsOf(state.language).tooSmall, Math.max(4, columns)).slice(0, rows - 1);
    const lines = Array.from({ length: rows }, (_, row) =>
      row === rows - 1 ? input.line : fitLine(asking[row] ?? [], columns),
    );
    return { lines, cursor: { row: rows - 1, column: input.cursor } };
  }
  const room = rows - ROWS_AROUND;
  // Talk grows with what is said, but leaves the panels most of the screen.
  const most = Math.max(2, Math.floor(room * (columns >= TWO_COLUMNS_FROM ? 0.3 : 0.36)));
  const least = rows >= 28 ? 5 : 2;
  const talkRows = state.view === 'help' ? 2 : Math.min(most, Math.max(least, talkHeight(state, columns)));
  const body = { width: columns, height: room - talkRows };
  const lines = [
    headerLine(state, columns),
    ...talkLines(state, { width: columns, height: talkRows }),
    ...(columns >= TWO_COLUMNS_FROM ? twoColumns(state, body) : oneColumn(state, body)),
    lineOf(span('─'.repeat(columns), 'frame')),
    input.line,
    hintLine(state, columns),
  ].map((line) => fitLine(line, columns));
  return { lines, cursor: { row: rows - 2, column: input.cursor } };
}

interface Area {
  readonly width: number;
  readonly height: number;
}

function twoColumns(state: KioskState, { width, height }: Area): readonly Line[] {
  if (isReceiptInFront(state)) return mainPanel(state, { width, height, besideOrder: false });
  const right = Math.max(34, Math.min(48, Math.floor(width * 0.34)));
  const left = width - right - 1;
  return beside(
    mainPanel(state, { width: left, height, besideOrder: true }),
    left,
    orderPanel(state, { width: right, height }),
    right,
  );
}

function oneColumn(state: KioskState, { width, height }: Area): readonly Line[] {
  if (state.view === 'order') return orderPanel(state, { width, height });
  if (state.view === 'help' || isReceiptInFront(state) || isReadBackInFront(state))
    return mainPanel(state, { width, height, besideOrder: false });
  const asked = mainPanelHeight(state, width) ?? Math.ceil(height * 0.55);
  const wanted = orderPanelHeight(state, width);
  // What is asked is shown whole. The order gets what is left, or waits for /order where that is not even its total.
  const order = height - asked < LEAST_ORDER_ROWS ? 0 : Math.min(wanted, height - asked);
  return [
    ...mainPanel(state, { width, height: height - order, besideOrder: false }),
    ...(order === 0 ? [] : orderPanel(state, { width, height: order })),
  ];
}

function isReceiptInFront({ view, receipt, question }: KioskState): boolean {
  return view === 'now' && receipt !== null && question === null;
}

/** The read-back holds the whole order itself. */
function isReadBackInFront({ view, question }: KioskState): boolean {
  return view === 'now' && question?.type === 'confirmation' && question.data.order !== null;
}

/** Rows that what is in front needs; null for as many as there are. */
function mainPanelHeight(state: KioskState, width: number): number | null {
  if (state.question === null || state.view !== 'now') return menuBoardHeight(state, width);
  return questionPanelHeight(state, state.question, width);
}

/** What is in front: help, the question, the receipt, else the menu. */
function mainPanel(state: KioskState, area: QuestionArea): readonly Line[] {
  if (state.view === 'help') return helpPanel(state, area);
  if (state.view === 'menu') return menuBoard(state, area);
  if (state.question !== null) return questionPanel(state, state.question, area);
  if (state.receipt !== null) return centred(state.receipt, state, area);
  return menuBoard(state, area);
}

/** A receipt is easier to read when it is as narrow as one. */
function centred(receipt: ShowReceiptData, state: KioskState, { width, height }: Area): readonly Line[] {
  const cardWidth = Math.min(width, RECEIPT_COLUMNS);
  const margin = ' '.repeat(Math.floor((width - cardWidth) / 2));
  const card = receiptPanel(state, receipt, { width: cardWidth, height });
  const above = Math.min(1, height - card.length);
  return Array.from({ length: height }, (_, row) => [span(margin), ...(card[row - above] ?? [])]);
}
