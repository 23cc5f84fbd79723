/** The value below which `share` (0..1) of the sorted measurements lie. */
export function percentile(measurements: readonly number[], share: number): number {
  if (measurements.length === 0) return Number.NaN;
  const sorted = measurements.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}

export function median(measurements: readonly number[]): number {
  return percentile(measurements, 0.5);
}

/** One line of the report. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** The goal of the platform's table, or what the line is compared with. */
  readonly goal?: string;
  /** Whether the goal is met; absent for lines that only inform. */
  readonly met?: boolean;
}

const width = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[ᄀ-퟿]/.test(character) ? 2 : 1), 0);

export function printFigures(title: string, figures: readonly Figure[]): void {
  console.log(`\n${title}`);
  const columns = figures.map(({ what, value, goal = '', met }) => [
    met === undefined ? ' ' : met ? '✓' : '✗',
    what,
    value,
    goal === '' ? '' : `(${goal})`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...columns.map((row) => width(row[column]!))));
  for (const row of columns) {
    console.log(`  ${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ')}`.trimEnd());
  }
}

/** A line of a table, with a cell for each heading. */
export interface TableRow extends Omit<Figure, 'value'> {
  readonly cells: readonly string[];
}

/** Figures whose values stand in columns below `headings`. */
export function table(what: string, headings: readonly string[], rows: readonly TableRow[]): Figure[] {
  const all = [headings, ...rows.map(({ cells }) => cells)];
  const widths = headings.map((_, column) => Math.max(...all.map((cells) => width(cells[column] ?? ''))));
  const line = (cells: readonly string[]) =>
    headings
      .map((_, column) => padded(cells[column] ?? '', widths[column]!))
      .join('  ')
      .trimEnd();
  return [
    { what, value: line(headings) },
    ...rows.map(({ cells, ...row }) => ({ ...row, value: line(cells) })),
  ];
}

const padded = (text: string, to: number) => text + ' '.repeat(Math.max(0, to - width(text)));

export const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en-US')} req/s`;
export const ratio = (value: number) => `${value.toFixed(2)} x`;
