import type { IncomingMessage } from 'node:http';
import { systemRandom, type RandomBytes } from '../lib/ids.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** All texts of two digits, so that ten bits become text in one look-up. */
const PAIRS = Array.from({ length: 1024 }, (_, value) => ALPHABET[value >> 5]! + ALPHABET[value & 31]!);
const PREFIX_LENGTH = 20;
const COUNTER_END = 1024 ** 3;

/**
 * Makes request ids, of the shape of `newId('req')`: 100 random bits drawn once a process, then a counter. They name
 * requests and guard nothing, so they need to be cheap and different, not unguessable.
 */
export function createRequestIds(random: RandomBytes = systemRandom): () => string {
  let prefix = '';
  let counter = COUNTER_END;
  return () => {
    if (counter >= COUNTER_END) {
      prefix = `req_${Array.from(random(PREFIX_LENGTH), (byte) => ALPHABET[byte & 31]!).join('')}`;
      counter = 0;
    }
    const number = counter++;
    return prefix + PAIRS[number >>> 20]! + PAIRS[(number >>> 10) & 1023]! + PAIRS[number & 1023]!;
  };
}

const ACCEPTABLE = /^[\w.:-]{1,64}$/;

/** The id that the caller gave in `X-Request-Id`, when it is one that can stand in a log; otherwise undefined. */
export function givenRequestId(request: IncomingMessage): string | undefined {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : undefined;
}
