import { expect } from 'chai';
import { runExamples } from '../../src/detection/run-examples.ts';
import { countEpisodes } from '../../src/state/count-episodes.ts';
import { load, ruleOf } from '../support/rules.ts';

const base = (name: string, id: number, verb = name): string =>
  ruleOf(`sel: { verb: ${verb} }\ncondition: sel`, id, `name: ${name}\n`);
const correlation = (name: string, id: number, section: string, tests = ''): string =>
  `title: ${name}\nname: ${name}\nid: 00000000-0000-4000-8000-0000000000${id}\ncorrelation: { ${section} }\n${tests}`;

interface Step {
  readonly at: number;
  readonly verb: string;
  readonly user?: string;
  readonly [member: string]: unknown;
}

/** Episodes that the last correlation of the text makes of these events, read and matched as rules of files are. */
function episodes(documents: readonly string[], steps: readonly Step[]): number {
  const events = steps.map(({ at, user, ...rest }) => ({ at, user: { username: user ?? 'u' }, ...rest }));
  const tests = `tests: [{ name: x, findings: 0, events: ${JSON.stringify(events)} }]\n`;
  const set = load([...documents.slice(0, -1), `${documents.at(-1)}${tests}`].join('---\n'));
  const [result] = runExamples(set, { countEpisodes });
  return Number(/gives (\d+)/.exec(result?.why ?? '')?.[1] ?? 0);
}

const many = (verb: string, count: number, from = 0, every = 1, more: Partial<Step> = {}): readonly Step[] =>
  Array.from({ length: count }, (_, i) => ({ at: from + i * every, verb, ...more }));
const get = base('get', 1);
const list = base('list', 2);
const remove = base('delete', 3);

describe('state/rule-files', () => {
  it('adds up, averages and ranks the numbers of a field', () => {
    const sizes = (values: readonly unknown[]): readonly Step[] => values.map((size, at) => ({ at, verb: 'get', size }));
    const table: readonly (readonly [string, readonly unknown[], number])[] = [
      ['type: value_sum, condition: { field: size, gt: 100 }', [50, '50', 1], 1],
      ['type: value_sum, condition: { field: size, gt: 100 }', [50, 50, 'none', null], 0],
      ['type: value_sum, condition: { field: size, gte: 99.5 }', [99, 0.5], 1],
      ['type: value_avg, condition: { field: size, gt: 10 }', [1, 20, 1], 1],
      ['type: value_avg, condition: { field: size, gt: 10 }', [1, 2, 20], 0],
      ['type: value_avg, condition: { field: size, gte: 5, lte: 6 }', [1, 9, 100], 1],
      ['type: value_median, condition: { field: size, gt: 5 }', [1, 2, 9, 9, 9], 1],
      ['type: value_median, condition: { field: size, gt: 5 }', [1, 1, 9], 0],
      ['type: value_percentile, condition: { field: size, percentile: 90, gte: 50 }', [1, 1, 1, 50], 1],
      ['type: value_percentile, condition: { field: size, percentile: 50, gte: 50 }', [1, 1, 1, 50], 0],
      ['type: value_percentile, condition: { field: size, lte: 20 }', ['a', 'a', 'a', 'a', 'b'], 1],
      ['type: value_percentile, condition: { field: size, lte: 20 }', ['a', 'a', 'b', 'b', 'a'], 0],
    ];
    for (const [section, values, expected] of table) {
      const document = correlation('c', 30, `${section}, rules: [get], group-by: [user.username], timespan: 1m`);
      expect(episodes([get, document], sizes(values)), `${section} of ${JSON.stringify(values)}`).to.equal(expected);
    }
  });

  it('counts combinations of several fields, and by aliases in the counted field', () => {
    const pairs = correlation('c', 30, 'type: value_count, rules: [get], timespan: 1m, condition: { field: [a, b], gte: 3 }');
    const step = (at: number, a: unknown, b: unknown): Step => ({ at, verb: 'get', a, b });
    expect(episodes([get, pairs], [step(0, 1, 1), step(1, 1, 2), step(2, 2, 1)])).to.equal(1);
    expect(episodes([get, pairs], [step(0, 1, 1), step(1, 1, 2), step(2, 1, 2), step(3, 1, undefined)])).to.equal(0);
    const aliased = correlation(
      'c',
      30,
      'type: value_count, rules: [get, list], timespan: 1m, condition: { field: who, gte: 2 }, aliases: { who: { get: a, list: b } }',
    );
    expect(episodes([get, list, aliased], [step(0, 'x', 'y'), { at: 1, verb: 'list', a: 'z', b: 'x' }])).to.equal(0);
    expect(episodes([get, list, aliased], [step(0, 'x', 'y'), { at: 1, verb: 'list', a: 'x', b: 'z' }])).to.equal(1);
  });

  it('builds correlations on correlations: many refusals, then a success', () => {
    const burst = correlation(
      'burst',
      31,
      'type: event_count, rules: [get], group-by: [user.username, ip], timespan: 1m, condition: { gte: 3 }',
    );
    const chain = correlation(
      'chain',
      30,
      'type: temporal_ordered, rules: [burst, delete], group-by: [user.username], timespan: 10m',
    );
    const documents = [get, remove, burst, chain];
    const tries = (user: string): readonly Step[] => many('get', 3, 0, 1, { user, ip: 'a' });
    expect(episodes(documents, [...tries('eve'), { at: 30, verb: 'delete', user: 'eve' }])).to.equal(1);
    expect(episodes(documents, [...tries('eve'), { at: 30, verb: 'delete', user: 'adam' }])).to.equal(0);
    expect(episodes(documents, [...tries('eve').slice(1), { at: 30, verb: 'delete', user: 'eve' }])).to.equal(0);
    expect(
      episodes(documents, [{ at: 0, verb: 'delete', user: 'eve' }, ...many('get', 3, 5, 1, { user: 'eve', ip: 'a' })]),
    ).to.equal(0);
    expect(episodes(documents, [...tries('eve'), { at: 700, verb: 'delete', user: 'eve' }])).to.equal(0);
    // The burst goes on: what counts is the last time it held.
    expect(
      episodes(documents, [...many('get', 60, 0, 15, { user: 'eve', ip: 'a' }), { at: 1400, verb: 'delete', user: 'eve' }]),
    ).to.equal(1);
  });

  it('counts an episode once, however long it lasts, and beside single events', () => {
    const burst = correlation(
      'burst',
      31,
      'type: event_count, rules: [get], group-by: [ip], timespan: 10s, condition: { gte: 3 }',
    );
    const bursts = correlation('bursts', 30, 'type: event_count, rules: [burst, delete], timespan: 1h, condition: { gte: 3 }');
    const documents = [get, remove, burst, bursts];
    const flood = many('get', 40, 0, 1, { ip: 'a' });
    expect(episodes(documents, flood)).to.equal(0);
    expect(
      episodes(documents, [...flood, ...many('get', 3, 100, 1, { ip: 'b' }), ...many('get', 3, 200, 1, { ip: 'c' })]),
    ).to.equal(1);
    expect(episodes(documents, [...flood, ...many('delete', 2, 100)])).to.equal(1);
    expect(episodes(documents, [...flood, ...many('delete', 1, 100)])).to.equal(0);
  });

  it('chains over three levels and over first-seen', () => {
    const documents = [
      get,
      remove,
      correlation('one', 31, 'type: event_count, rules: [get], group-by: [user.username], timespan: 1m, condition: { gte: 2 }'),
      correlation('two', 32, 'type: temporal, rules: [one, delete], group-by: [user.username], timespan: 5m'),
      correlation('three', 30, 'type: value_count, rules: [two], timespan: 1h, condition: { field: user.username, gte: 2 }'),
    ];
    const act = (user: string, from: number): readonly Step[] => [
      ...many('get', 2, from, 1, { user }),
      { at: from + 5, verb: 'delete', user },
    ];
    expect(episodes(documents, [...act('a', 0), ...act('b', 100)])).to.equal(1);
    expect(episodes(documents, [...act('a', 0), ...act('a', 100)])).to.equal(0);
    const news = [
      get,
      remove,
      correlation(
        'news',
        31,
        'type: x-first-seen, rules: [get], group-by: [user.username], timespan: 1d, condition: { field: ip, learn: 10s }',
      ),
      correlation('then', 30, 'type: temporal_ordered, rules: [news, delete], group-by: [user.username], timespan: 5m'),
    ];
    const seen = (at: number, ip: string): Step => ({ at, verb: 'get', ip });
    expect(episodes(news, [seen(0, 'a'), seen(20, 'b'), { at: 30, verb: 'delete' }])).to.equal(1);
    expect(episodes(news, [seen(0, 'a'), seen(20, 'a'), { at: 30, verb: 'delete' }])).to.equal(0);
  });

  it('tells first-seen values and absences from files', () => {
    const news = correlation(
      'n',
      30,
      'type: x-first-seen, rules: [get], group-by: [user.username], timespan: 7d, condition: { field: ip, learn: 1h }',
    );
    expect(
      episodes(
        [get, news],
        [
          { at: 0, verb: 'get', ip: 'a' },
          { at: 4000, verb: 'get', ip: 'b' },
        ],
      ),
    ).to.equal(1);
    expect(
      episodes(
        [get, news],
        [
          { at: 0, verb: 'get', ip: 'a' },
          { at: 4000, verb: 'get', ip: 'a' },
        ],
      ),
    ).to.equal(0);
    const silence = correlation('s', 30, 'type: x-absence, rules: [get, delete], group-by: [user.username], timespan: 1m');
    const clock: Step = { at: 1000, verb: 'get', user: 'clock' };
    expect(episodes([get, remove, silence], [{ at: 0, verb: 'get' }, clock])).to.equal(1);
    expect(episodes([get, remove, silence], [{ at: 0, verb: 'get' }, { at: 60, verb: 'delete' }, clock])).to.equal(0);
  });
});
