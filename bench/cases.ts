import type { PrepareCase } from './measure.ts';

export interface BenchCase {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<{ readonly prepare: PrepareCase }>;
}

/** In the order of the table. The first one is the yardstick that ratios refer to. */
export const cases: readonly BenchCase[] = [
  { name: 'parse', about: 'read, split, JSON.parse each line: the yardstick', load: () => import('./cases/parse.ts') },
  { name: 'frame', about: 'read and cut into tiles', load: () => import('./cases/frame.ts') },
];
