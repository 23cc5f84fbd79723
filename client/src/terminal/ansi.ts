import type { Line, Look } from './styled-line.ts';

const ESCAPE = '\u001B[';

/** Weight alone, for terminals without colour and for people who asked for none. */
const weights: Readonly<Record<Look, string>> = {
  plain: '',
  title: '1',
  strong: '1',
  faint: '',
  number: '1',
  fresh: '1',
  good: '1',
  problem: '1',
  customer: '',
  frame: '',
  bar: '7',
};

/** The sixteen colours that every theme sets to something readable. */
const colours: Readonly<Record<Look, string>> = {
  plain: '',
  title: '1;36',
  strong: '1',
  faint: '90',
  number: '1;33',
  fresh: '1;32',
  good: '32',
  problem: '1;31',
  customer: '36',
  frame: '90',
  bar: '7',
};

/** A line as a terminal takes it. */
export function paintLine(line: Line, { colour }: { readonly colour: boolean }): string {
  const codes = colour ? colours : weights;
  return line
    .map(({ text, look }) => (codes[look] === '' ? text : `${ESCAPE}${codes[look]}m${text}${ESCAPE}0m`))
    .join('');
}

/** What a terminal is told besides text. */
export const terminalCodes = {
  /**
   * A screen of our own, so that what stood there before comes back afterwards. Pasted text comes marked. A line that a
   * terminal takes for wider than we do is cut, not wrapped.
   */
  enter: `${ESCAPE}?1049h${ESCAPE}?2004h${ESCAPE}?7l${ESCAPE}2J`,
  leave: `${ESCAPE}?7h${ESCAPE}?2004l${ESCAPE}?1049l${ESCAPE}?25h`,
  hideCursor: `${ESCAPE}?25l`,
  showCursor: `${ESCAPE}?25h`,
  clearToEnd: `${ESCAPE}K`,
  clear: `${ESCAPE}2J`,
  moveTo: (row: number, column: number) => `${ESCAPE}${row + 1};${column + 1}H`,
} as const;
