import { parseArgs } from 'node:util';
import { cases } from './cases.ts';
import { watchedCases } from './watched-cases.ts';

export interface BenchOptions {
  readonly megabytes: number;
  readonly rounds: number;
  readonly only: readonly string[];
  readonly compare: boolean;
  readonly save: boolean;
  /** Gate: fail where the ratio of `end-to-end` to the yardstick is below this. */
  readonly minRatio: number | undefined;
}

export const usage = `usage: npm run bench -- [--mb N] [--rounds N] [--only CASE,…] [--compare] [--save] [--min-ratio R]
  --mb N         size of the generated log in 10^6 bytes (default 200)
  --rounds N     runs of each case, interleaved (default 5)
  --only CASES   ${[...cases, ...watchedCases].map((one) => one.name).join(', ')}
                 or all, or the beginning of names and a *; without it, all but policies, levels and adversaries
  --compare      show the change against bench/baseline.json
  --save         write bench/baseline.json
  --min-ratio R  exit 1 where end-to-end is below R x parse
`;

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`not a positive number\n${usage}`);
  return value;
};

/** `all` for every case, `adversary-*` for those that begin so. */
function expanded(name: string, names: readonly string[]): readonly string[] {
  if (name === 'all') return names;
  return name.endsWith('*') ? names.filter((one) => one.startsWith(name.slice(0, -1))) : [name];
}

/** @throws Error with the usage where an argument is not understood. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      mb: { type: 'string', default: '200' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      compare: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
      'min-ratio': { type: 'string' },
    },
  });
  const names = [...cases, ...watchedCases].map((one) => one.name);
  const only = values.only.split(',').flatMap((name) => (name === '' ? [] : expanded(name, names)));
  const byDefault = [...cases, ...watchedCases].filter((one) => !('onDemand' in one)).map((one) => one.name);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(', ')}\n${usage}`);
  const minRatio = values['min-ratio'];
  return {
    megabytes: positive(values.mb),
    rounds: positive(values.rounds),
    only: only.length > 0 ? only : byDefault,
    compare: values.compare,
    save: values.save,
    minRatio: minRatio === undefined ? undefined : positive(minRatio),
  };
}
