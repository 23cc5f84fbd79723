import type { Language } from '@malbeot/protocol';
import { tell, type Told } from '../config/told.ts';

/** Where `malbeot models` talks with a person. */
export interface ModelsTerminal {
  readonly language: Language;
  /** Writes a line to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line to standard error. */
  readonly complain: (line: string) => void;
  /** Asks, and answers what was typed; null where nobody is there to ask. */
  readonly ask: ((question: string, signal: AbortSignal) => Promise<string>) | null;
  /** Replaces the line that is shown; null where lines can't be replaced. */
  readonly rewrite: ((line: string) => void) | null;
}

/** How a command ended. */
export type CommandOutcome = 'done' | 'failed' | 'usage';

/** Whether a person says yes. Everything that is no clear yes is a no. */
export async function asksYes(
  { language, ask }: Pick<ModelsTerminal, 'language'> & { ask: NonNullable<ModelsTerminal['ask']> },
  question: Told,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await ask(tell(language, question), signal);
  return /^(y|yes|예|네|응|ㅇ|ㅇㅇ)$/i.test(answer.trim());
}
