/** What runtimes print when they die: names of errors, never what a program worked on. */
const HARMLESS: readonly RegExp[] = [
  /^terminate called (?:after throwing an instance of '[\w:<>]+'|without an active exception)$/,
  /^what\(\): +std::bad_alloc$/,
  /^(?:free|malloc|realloc)\(\): (?:invalid|corrupted|unaligned) [a-z ]+(?:\([a-z ]+\))?$/,
  /^double free or corruption(?: \([!a-z]+\))?$/,
  /^FATAL ERROR: [\w .:-]+ JavaScript heap out of memory$/,
  /^Segmentation fault(?: \(core dumped\))?$/,
  /^(?:Aborted|Killed)(?: \(core dumped\))?$/,
  /^code: '(?:ERR|E)[A-Z_]+',?$/,
];
const MOST_LINES = 5;

/**
 * What a log may hold of the standard error of a program that may print what somebody said: how many bytes there were, and the
 * last lines that are known to tell of a death and nothing else. Empty for none.
 */
export function harmlessStderr(stderr: string): string {
  if (stderr === '') return '';
  const known = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => HARMLESS.some((pattern) => pattern.test(line)));
  const bytes = `${Buffer.byteLength(stderr)} bytes, which may hold what was said`;
  return [bytes, ...known.slice(-MOST_LINES)].join('\n');
}
