import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** One full collection, now. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}
