import type { Language } from '@malbeot/protocol';
import { createInterface } from 'node:readline/promises';
import type { ModelsTerminal } from '../models/models-terminal.ts';
import { displayWidth } from './text-table.ts';

export interface ModelsTerminalOptions {
  readonly language: Language;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly complain: (line: string) => void;
  /** Called at Ctrl+C while a question waits. */
  readonly stop: () => void;
}

/** The terminal of this process. A question needs a terminal on both sides; a line that moves needs one to write to. */
export function createModelsTerminal(options: ModelsTerminalOptions): ModelsTerminal {
  const { language, stdin, stdout, complain, stop } = options;
  const print = (line: string) => void stdout.write(`${line}\n`);
  const ask = async (question: string, signal: AbortSignal) => {
    const lines = createInterface({ input: stdin, output: stdout });
    lines.on('SIGINT', stop);
    // The end of the input is an answer too: none.
    const ended = new Promise<string>((resolve) => void lines.once('close', () => resolve('')));
    try {
      return await Promise.race([lines.question(question, { signal }), ended]);
    } catch (error) {
      if (signal.aborted) return '';
      throw error;
    } finally {
      lines.close();
    }
  };
  const rewrite = (line: string) =>
    void stdout.write(`\r\x1b[K${fitLine(line, (stdout.columns > 0 ? stdout.columns : 80) - 1)}`);
  return {
    language,
    print,
    complain,
    ask: stdin.isTTY && stdout.isTTY ? ask : null,
    rewrite: stdout.isTTY ? rewrite : null,
  };
}

/** A line that is too long would wrap, and could not be replaced. */
function fitLine(line: string, columns: number): string {
  let fitting = line;
  while (displayWidth(fitting) > columns) fitting = fitting.slice(0, -1);
  return fitting;
}
