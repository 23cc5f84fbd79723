/** Progress for people: one line that counts the seconds on a terminal, a line now and then elsewhere. */

const terminal = process.stdout.isTTY && process.env.CI === undefined;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const QUIET_EVERY_MS = 15_000;

/**
 * Runs `work` under a heading and says how long it took.
 *
 * @template T
 * @param {string} heading
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(heading, work) {
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(terminal ? 0 : 1);
  let frame = 0;
  if (!terminal) console.log(`· ${heading} …`);
  const timer = setInterval(
    () => {
      if (terminal) process.stdout.write(`\r${FRAMES[frame++ % FRAMES.length]} ${heading} … ${seconds()} s `);
      else console.log(`· ${heading} … still at it after ${seconds()} s`);
    },
    terminal ? 100 : QUIET_EVERY_MS,
  );
  try {
    const result = await work();
    clearInterval(timer);
    const took = ((Date.now() - started) / 1000).toFixed(1);
    console.log(terminal ? `\r✓ ${heading} (${took} s)      ` : `✓ ${heading} (${took} s)`);
    return result;
  } catch (error) {
    clearInterval(timer);
    console.log(terminal ? `\r✗ ${heading}      ` : `✗ ${heading}`);
    throw error;
  }
}
