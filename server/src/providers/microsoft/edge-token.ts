import { createHash } from 'node:crypto';

/** What Microsoft's browser shows to its own read-aloud service; the same in every copy of it, and no secret of anybody. */
export const TRUSTED_CLIENT_TOKEN = '6A5AA1D4EAFF4E9FB37E23D68491D6F4';

/** From 1601, where Windows file time begins, to 1970. */
const FILE_TIME_EPOCH_SECONDS = 11_644_473_600;
const WINDOW_SECONDS = 300;
/** Ticks of 100 ns. */
const TICKS_PER_SECOND = 10_000_000n;

/**
 * The value of `Sec-MS-GEC`: it changes every five minutes and shows that the client knows the time. As github.com/rany2/edge-tts,
 * issue 290, describes it: SHA-256 over the Windows file time, rounded down to the window, and the client's token.
 *
 * @param now Milliseconds since the Unix epoch, on the server's clock.
 */
export function edgeToken(now: number): string {
  const seconds = Math.floor(now / 1_000) + FILE_TIME_EPOCH_SECONDS;
  const ticks = BigInt(seconds - (seconds % WINDOW_SECONDS)) * TICKS_PER_SECOND;
  return createHash('sha256').update(`${ticks}${TRUSTED_CLIENT_TOKEN}`, 'ascii').digest('hex').toUpperCase();
}
