import { expect } from 'chai';
import fc from 'fast-check';
import type { Hit } from '../../src/state/hits.ts';
import type { WindowRule } from '../../src/state/window.ts';
import { createMetric, meets } from '../../src/state/window-metric.ts';

const ruleOf = (type: WindowRule['type'], percentile?: number): WindowRule => ({
  type,
  windowUs: 1,
  atLeast: 1,
  bounds: [],
  percentile,
  steps: 0,
  exactPeak: false,
  feeds: false,
});
const hitOf = (value: number): Hit => ({ timeUs: 0, digest: '', value });
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const sorted = (list: readonly number[]): readonly number[] => [...list].sort((a, b) => a - b);

/** Each metric by its definition, over the whole window. */
const table: readonly (readonly [WindowRule, (list: readonly number[]) => number])[] = [
  [ruleOf('event_count'), (list) => list.length],
  [ruleOf('value_count'), (list) => new Set(list).size],
  [ruleOf('temporal'), (list) => new Set(list).size],
  [ruleOf('value_sum'), sum],
  [ruleOf('value_avg'), (list) => sum(list) / list.length],
  [
    ruleOf('value_median'),
    (list) => {
      const all = sorted(list);
      const middle = (all.length - 1) / 2;
      return ((all[Math.floor(middle)] ?? 0) + (all[Math.ceil(middle)] ?? 0)) / 2;
    },
  ],
  [ruleOf('value_percentile', 90), (list) => sorted(list)[Math.ceil(0.9 * list.length) - 1] ?? 0],
  [ruleOf('value_percentile', 100), (list) => Math.max(...list)],
  [ruleOf('value_percentile'), (list) => (list.filter((one) => one === list.at(-1)).length / list.length) * 100],
];

describe('state/window-metric', () => {
  for (const [rule, expected] of table) {
    it(`keeps ${rule.type}${rule.percentile === undefined ? '' : ` ${rule.percentile}`} up to date while values come and go`, () => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 }), fc.nat(5), (values, width) => {
          const metric = createMetric(rule);
          values.forEach((value, i) => {
            if (i > width) metric.leave(hitOf(values[i - width - 1] as number));
            metric.enter(hitOf(value));
            const window = values.slice(Math.max(0, i - width), i + 1);
            expect(metric.value(hitOf(value))).to.be.closeTo(expected(window), 1e-9);
          });
        }),
      );
    });
  }

  it('compares with every operator', () => {
    const holds = [1, 2, 3].map((number) =>
      (['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const).filter((operator) => meets(number, { operator, value: 2 })),
    );
    expect(holds).to.deep.equal([
      ['lt', 'lte', 'neq'],
      ['gte', 'lte', 'eq'],
      ['gt', 'gte', 'neq'],
    ]);
  });
});
