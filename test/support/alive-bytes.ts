import { collectGarbage } from '../../src/pipeline/collect-garbage.ts';

/** Bytes of objects that are alive. */
export function aliveBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
