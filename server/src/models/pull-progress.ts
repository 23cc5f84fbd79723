import type { Language } from '@malbeot/protocol';
import { tell, type Told } from '../config/told.ts';
import { byteText } from './byte-text.ts';
import type { PullEvent } from './pull-model.ts';

export interface ProgressOptions {
  readonly language: Language;
  /** Replaces the line that is shown; null where lines can't be replaced. */
  readonly rewrite: ((line: string) => void) | null;
  readonly print: (line: string) => void;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
}

/** Where lines are replaced, and where each is a new one. */
const REWRITE_MS = 100;
const PRINT_MS = 5_000;
/** Speed is that of the last seconds. */
const SPEED_MS = 5_000;
/** What takes longer to unpack is worth a hint. */
const SLOW_SECONDS = 15;
const BAR_COLUMNS = 24;

/** Shows how far a pull is: a bar that moves on a terminal, a line every few seconds elsewhere. */
export function createPullProgress({ language, rewrite, print, now }: ProgressOptions) {
  let stage = '';
  let shownAt = Number.NEGATIVE_INFINITY;
  let marks: { readonly at: number; readonly bytes: number }[] = [];
  let isHinted = false;

  function show(line: string, isNew: boolean): void {
    const isDue = now() - shownAt >= (rewrite === null ? PRINT_MS : REWRITE_MS);
    if (!isNew && !isDue) return;
    shownAt = now();
    (rewrite ?? print)(line);
  }

  function bytesPerSecond(done: number): number | null {
    const at = now();
    marks.push({ at, bytes: done });
    marks = marks.filter((mark) => at - mark.at <= SPEED_MS);
    const [first] = marks;
    return first === undefined || at - first.at < 500
      ? null
      : ((done - first.bytes) / (at - first.at)) * 1000;
  }

  /** Answers how many seconds are left, where that can be told. */
  function moving(what: Told, done: number, total: number | null): number | null {
    const name = tell(language, what);
    const isNew = name !== stage;
    if (isNew) marks = [];
    stage = name;
    const speed = bytesPerSecond(done);
    const left = speed === null || speed <= 0 || total === null ? null : (total - done) / speed;
    const rest =
      left === null ? '' : tell(language, { key: 'models.progress.left', values: { time: timeText(left) } });
    // The name comes last: it is what a narrow terminal can do without.
    const line = [
      total === null || total === 0 ? '' : bar(done / total, rewrite !== null),
      total === null ? byteText(done) : `${byteText(done)} / ${byteText(total)}`,
      speed === null ? '' : `${byteText(Math.max(0, speed))}/s`,
      rest,
      name,
    ];
    show(line.filter((text) => text !== '').join('  '), isNew || done === total);
    return left;
  }

  function unpacking({ file, done, total, by }: Extract<PullEvent, { type: 'unpack' }>): void {
    const left = moving({ key: 'models.progress.unpack', values: { file } }, done, total);
    if (isHinted || by === 'program' || left === null || left < SLOW_SECONDS) return;
    isHinted = true;
    rewrite?.('');
    print(tell(language, { key: 'models.progress.unpack_slow' }));
  }

  return {
    event(event: PullEvent): void {
      const { file } = event;
      if (event.type === 'fetch')
        moving({ key: 'models.progress.fetch', values: { file } }, event.done, event.total);
      if (event.type === 'unpack') unpacking(event);
      if (event.type === 'check') {
        const name = tell(language, { key: 'models.progress.check', values: { file } });
        if (name !== stage) show(name, rewrite !== null);
        stage = name;
      }
    },
    /** Takes the moving line away, so that something else can be printed. */
    clear(): void {
      rewrite?.('');
      stage = '';
    },
  };
}

function bar(part: number, isDrawn: boolean): string {
  const percent = `${Math.floor(Math.min(1, part) * 100)}%`.padStart(4);
  if (!isDrawn) return percent.trim();
  const filled = Math.round(Math.min(1, part) * BAR_COLUMNS);
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_COLUMNS - filled)}] ${percent}`;
}

/** `0:42`, `1:05:00`. */
function timeText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}
