import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A model's native memory goes when the object that stands for it is collected, which nothing else would bring about soon. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
