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

/** Lines wait for one another up to this many bytes. */
const BUFFER_BYTES = 32 * 1024;
/** More than this can't wait: a reader of the log that stands still costs lines, not memory. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/**
 * The structured log: one JSON object a line, with secrets, personal data and what people said hidden by
 * {@link redactFields}. Lines are collected in memory and written together, so that a request never waits for the disk.
 */
export function createLogger(options: LoggerOptions = {}): RootLogger {
  const { level = 'info', destination = 1, fields = {}, flushMs = 500 } = options;
  const stream =
    typeof destination === 'object'
      ? destination
      : openDestination({
          dest: destination,
          sync: false,
          mkdir: true,
          minLength: BUFFER_BYTES,
          maxWrite: 2 * BUFFER_BYTES,
          maxLength: MAX_WAITING_BYTES,
          periodicFlush: flushMs,
        });
  const root = pino(
    {
      level,
      base: redactFields(fields) as Record<string, unknown>,
      timestamp: () => `,"time":"${isoTime()}"`,
      formatters: { level: (label) => ({ level: label }), log: (given) => redactFields(given) as Record<string, unknown> },
    },
    stream,
  );
  return Object.assign(wrap(root), {
    flush: () => {
      if ('flushSync' in stream && typeof stream.flushSync === 'function') stream.flushSync();
    },
  });
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
