import { pino, destination as openDestination, type DestinationStream, type Logger as Pino } from 'pino';
import type { LogFields, Logger } from './logger.ts';
import { redactFields } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  /** The lowest level that is written. */
  readonly level?: LogLevel;
  /** A file descriptor, a file path, or anything with `write`; standard output when absent. */
  readonly destination?: number | string | DestinationStream;
  /** In every line: the process's part, its id. */
  readonly fields?: LogFields;
  /** How long a line may wait in memory, in milliseconds. Lines are written together; all are written before the process ends. */
  readonly flushMs?: number;
}

export interface RootLogger extends Logger {
  /** Writes what waits in memory. */
  flush(): void;
}

/** Lines wait for one another up to this many characters. */
const BATCH_LENGTH = 16 * 1024;
/** More than this can't wait: a reader of the log that stands still costs lines, not memory. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * The structured log: one JSON object a line, with secrets, personal data and what people said hidden by
 * {@link redactFields}. Lines are collected in memory and written together, so that a request never waits for the disk.
 */
export function createLogger(options: LoggerOptions = {}): RootLogger {
  const { level = 'info', destination = 1, fields = {}, flushMs = 500 } = options;
  const stream = typeof destination === 'object' ? destination : openBatches(destination, flushMs);
  const root = pino(
    {
      level,
      base: redactFields(fields),
      timestamp: () => `,"time":"${isoTime()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (given) => redactFields(given) as Record<string, unknown>,
      },
    },
    stream,
  );
  return Object.assign(wrap(root), {
    flush: () => {
      if ('flush' in stream && typeof stream.flush === 'function') stream.flush();
    },
  });
}

interface Batches extends DestinationStream {
  flush(): void;
}

/**
 * Hands lines to pino's file stream in batches. That stream measures all that waits in it with every write, which for single
 * lines costs as much as making them.
 */
function openBatches(destination: number | string, flushMs: number): Batches {
  const file = openDestination({ dest: destination, sync: false, mkdir: true, maxLength: MAX_WAITING_BYTES });
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const handOver = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const batch = waiting;
    waiting = '';
    file.write(batch);
  };
  // Before pino's own listeners, which write out what the file stream holds.
  process.prependListener('beforeExit', handOver);
  process.prependListener('exit', handOver);
  return {
    write(line) {
      waiting += line;
      if (waiting.length >= BATCH_LENGTH) handOver();
      else timer ??= setTimeout(handOver, flushMs).unref();
    },
    flush() {
      handOver();
      file.flushSync();
    },
  };
}

let lastMs = 0;
let lastText = '';

/** The time as ISO 8601, worked out once a millisecond. */
function isoTime(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastText = new Date(now).toISOString();
  }
  return lastText;
}

function wrap(line: Pino): Logger {
  return {
    debug: (fields, message) => line.debug(fields, message),
    info: (fields, message) => line.info(fields, message),
    warn: (fields, message) => line.warn(fields, message),
    error: (fields, message) => line.error(fields, message),
    child: (fields) => wrap(line.child(redactFields(fields))),
  };
}
