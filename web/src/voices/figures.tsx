import type { ReactNode } from 'react';

export interface FiguresProps {
  /** For two or four of them; three stand in a row otherwise. */
  readonly even?: boolean;
  readonly children: ReactNode;
}

export function Figures({ even = false, children }: FiguresProps) {
  return <dl className={even ? 'voices-figures voices-figures-even' : 'voices-figures'}>{children}</dl>;
}

export interface FigureProps {
  readonly name: string;
  readonly children: ReactNode;
  /** Takes a line of its own: for words. */
  readonly wide?: boolean;
}

export function Figure({ name, children, wide = false }: FigureProps) {
  return (
    <div className={wide ? 'voices-figure-wide' : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
