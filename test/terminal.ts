import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WAIT_LIMIT_MS = 10_000;
const LOOK_MS = 50;

/** Whether a terminal can be opened on this machine. */
export const hasTerminal = spawnSync('tmux', ['-V']).status === 0;

/** A real terminal, as tmux draws it, with a program in it. */
export interface Terminal {
  /** Types text and presses Enter. */
  type(text: string): Promise<void>;
  /** Presses a key by its tmux name: `C-c`, `Escape`. */
  press(key: string): Promise<void>;
  /** What is on the screen now, line by line, without the blanks at their ends. */
  screen(): Promise<string>;
  /** The screen once all of `parts` are on it and none of `gone`. */
  shows(parts: readonly (string | RegExp)[], gone?: readonly string[]): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  /** A value of tmux's own, such as `alternate_on`. */
  state(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface TerminalOptions {
  /** For the shell. */
  readonly command: string;
  readonly columns: number;
  readonly rows: number;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Opens a terminal of its own, apart from every other tmux of the machine. */
export async function openTerminal({
  command,
  columns,
  rows,
  folder,
  env,
}: TerminalOptions): Promise<Terminal> {
  const place = await mkdtemp(join(tmpdir(), 'malbeot-terminal-'));
  const tmux = async (...args: readonly string[]) => {
    const { stdout } = await run('tmux', ['-u', '-f', '/dev/null', ...args], {
      cwd: folder,
      env: { ...env, TMUX_TMPDIR: place, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
    });
    return stdout;
  };
  const screen = async () =>
    (await tmux('capture-pane', '-p'))
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
  await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), command);

  return {
    screen,
    async type(text) {
      await tmux('send-keys', '-l', text);
      await tmux('send-keys', 'Enter');
    },
    async press(key) {
      await tmux('send-keys', key);
    },
    async shows(parts, gone = []) {
      const endsAt = Date.now() + WAIT_LIMIT_MS;
      for (;;) {
        const now = await screen();
        const isThere = parts.every((part) =>
          typeof part === 'string' ? now.includes(part) : part.test(now),
        );
        if (isThere && gone.every((part) => !now.includes(part))) return now;
        if (Date.now() > endsAt) {
          throw new Error(`The screen never showed ${parts.map(String).join(' and ')}. It shows:\n${now}`);
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    },
    async resize(width, height) {
      await tmux('resize-window', '-x', String(width), '-y', String(height));
    },
    state: async (name) => (await tmux('display-message', '-p', `#{${name}}`)).trim(),
    async close() {
      await tmux('kill-server').catch(() => undefined);
      await rm(place, { recursive: true, force: true });
    },
  };
}
