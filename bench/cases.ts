import { adversaries } from './generate/adversarial.ts';
import { levels } from './levels.ts';
import type { PrepareCase } from './measure.ts';

export interface BenchCase {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<PrepareCase>;
  /** Only where it is asked for by name or `--only all`. */
  readonly onDemand?: true;
}

/** In the order of the table. The first one is the yardstick that ratios refer to. */
export const cases: readonly BenchCase[] = [
  {
    name: 'parse',
    about: 'read, split, JSON.parse each line: the yardstick',
    load: async () => (await import('./cases/parse.ts')).prepare,
  },
  { name: 'frame', about: 'read and cut into tiles', load: async () => (await import('./cases/frame.ts')).prepare },
  {
    name: 'inspect-bare',
    about: 'frame and inspect without masks and rules',
    load: async () => (await import('./cases/inspect.ts')).prepareInspect('bare'),
  },
  {
    name: 'inspect-masks',
    about: 'frame and inspect with the shipped packs',
    load: async () => (await import('./cases/inspect.ts')).prepareInspect('masks'),
  },
  {
    name: 'inspect-all-kinds',
    about: 'the same with every kind on',
    load: async () => (await import('./cases/inspect.ts')).prepareInspect('all-kinds'),
    onDemand: true,
  },
  {
    name: 'inspect-50-more',
    about: 'frame and inspect with the shipped packs and 50 more patterns with a literal of five bytes and more',
    load: async () => (await import('./cases/inspect.ts')).prepareInspect('more-patterns'),
    onDemand: true,
  },
  {
    name: 'inspect',
    about: 'frame and inspect with the shipped packs and detectors',
    load: async () => (await import('./cases/inspect.ts')).prepareInspect('standard'),
  },
  {
    name: 'append',
    about: 'append masked tiles to the log, synced',
    load: async () => (await import('./cases/append.ts')).prepare,
  },
  {
    name: 'end-to-end',
    about: 'file to synced log, one thread',
    load: async () => (await import('./cases/end-to-end.ts')).prepareEndToEnd('standard'),
  },
  {
    name: 'keywords-100',
    about: 'file to synced log with 100 rules that search whole events for words',
    load: async () => (await import('./cases/end-to-end.ts')).prepareEndToEnd('keywords'),
  },
  ...[0, 10, 150, 1000].map((rules) => ({
    name: `rules-${rules}`,
    about: `file to synced log with ${rules === 0 ? 'no rules' : `${rules} generated rules in place of the shipped ones`}`,
    load: async () => (await import('./cases/end-to-end.ts')).prepareEndToEnd(rules),
  })),
  ...(['secrets-only', 'strict'] as const).map((policy) => ({
    name: `policy-${policy}`,
    about: `frame and inspect under ${policy}`,
    load: async () => (await import('./cases/inspect.ts')).prepareInspect('standard', policy),
    onDemand: true as const,
  })),
  ...levels.map((level) => ({
    name: `level-${level.toLowerCase()}`,
    about: `file to synced log, events of level ${level} only`,
    load: async () => (await import('./cases/level.ts')).prepareLevel(level),
    onDemand: true as const,
  })),
  ...adversaries.map((adversary) => ({
    name: `adversary-${adversary.name}`,
    about: adversary.about,
    load: async () => (await import('./cases/adversarial.ts')).prepareAdversarial(adversary),
    onDemand: true as const,
  })),
];
