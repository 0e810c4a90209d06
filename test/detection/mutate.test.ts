import { expect } from 'chai';
import { mutateCorrelation, mutateDetection } from '../../src/detection/mutate.ts';

const whats = (detection: Readonly<Record<string, unknown>>): readonly string[] =>
  mutateDetection(detection).map(({ what }) => what);
const of = (selection: unknown): readonly string[] =>
  whats({ s: selection, condition: 's' })
    .map((what) => what.replace('s: ', ''))
    .filter((what) => !what.startsWith('holds'));

describe('detection/mutate', () => {
  it('lets every selection hold always and never', () => {
    expect(
      whats({ a: { verb: 'get' }, b: { verb: 'list' }, condition: 'a or b' }).filter((what) => what.includes('holds')),
    ).to.deep.equal(['a: holds always', 'a: holds never', 'b: holds always', 'b: holds never']);
  });

  const rows: readonly (readonly [what: string, selection: unknown, mutants: readonly string[]])[] = [
    [
      'drops a clause',
      { verb: 'get', level: 'None' },
      ['without verb', 'verb: "get" is another value', 'without level', 'level: "None" is another value'],
    ],
    ['swaps each value of a list', { verb: ['get', 'list'] }, ['verb: "get" is another value', 'verb: "list" is another value']],
    [
      'looks for a part in an open field',
      { 'user.username': 'a' },
      ['user.username: "a" is another value', 'user.username: the whole text is "contains"'],
    ],
    [
      'knows words that hold another word',
      { verb: 'delete' },
      ['verb: "delete" is another value', 'verb: the whole text is "contains"'],
    ],
    ['leaves a lone wildcard', { name: '*' }, []],
    [
      'widens the ends',
      { 'a|startswith': 'x' },
      ['a|startswith: "x" is another value', 'a|startswith: "startswith" is "contains"'],
    ],
    [
      'widens a part to anything',
      { 'a|contains': 'x' },
      ['a|contains: "x" is another value', 'a|contains: "contains" is "exists"'],
    ],
    [
      'drops modifiers',
      { 'a|contains|all': ['x', 'y'] },
      [
        'a|contains|all: "x" is another value',
        'a|contains|all: "y" is another value',
        'a|contains|all: without "all"',
        'a|contains|all: "contains" is "exists"',
      ],
    ],
    ['turns neq round', { 'verb|neq': 'get' }, ['verb|neq: "get" is another value', 'verb|neq: without "neq"']],
    [
      'moves a boundary',
      { 'code|gte': 400 },
      ['code|gte: 400 is another value', 'code|gte: "gte" is "gt"', 'code|gte: 400 is half of it'],
    ],
    [
      'swaps a network',
      { 'ip|cidr': '192.0.2.0/24' },
      ['ip|cidr: "192.0.2.0/24" is another value', 'ip|cidr: "cidr" is "exists"'],
    ],
    ['flips yes and no', { 'a|exists': true }, ['a|exists: true is another value']],
    [
      'drops alternatives of a list of maps',
      [{ verb: 'get' }, { verb: 'list' }],
      ['without item 1', 'item 1: verb: "get" is another value', 'without item 2', 'item 2: verb: "list" is another value'],
    ],
    ['swaps keywords', ['x', 'y'], ['without item 1', 'item 1 is another text', 'without item 2', 'item 2 is another text']],
  ];
  for (const [what, selection, mutants] of rows) it(what, () => expect(of(selection)).to.deep.equal(mutants));

  const expressions: readonly (readonly [source: string, shorter: readonly string[]])[] = [
    ['a|b', ['b', 'a']],
    ['x(a|b\\|c|[|)])y', ['x(b\\|c|[|)])y', 'x(a|[|)])y', 'x(a|b\\|c)y']],
    ['(?i:a|b)', ['(?i:b)', '(?i:a)']],
    ['(a|(b|c))', ['((b|c))', '(a)']],
    ['plain(x)', []],
  ];
  for (const [source, shorter] of expressions) {
    it(`leaves out alternatives of ${source}`, () => {
      const made = mutateDetection({ s: { 'a|re': source }, condition: 's' }).map(
        ({ section }) => (section['s'] as Readonly<Record<string, unknown>>)['a|re'],
      );
      expect(made.filter((text) => text !== undefined)).to.deep.equal(shorter);
    });
  }

  it('swaps the quantifier where a pattern names several selections', () => {
    const both = { a1: { verb: 'get' }, a2: { verb: 'list' }, f1: { level: 'None' }, condition: '1 of a* and not 1 of f*' };
    expect(whats(both).filter((what) => what.startsWith('condition'))).to.deep.equal(['condition: all of a* and not 1 of f*']);
  });

  it('moves the numbers of a correlation and leaves out what it groups by', () => {
    const made = mutateCorrelation({
      type: 'event_count',
      rules: ['a', 'b'],
      'group-by': ['x'],
      timespan: '5m',
      condition: { gte: 20 },
    });
    expect(made.map(({ what }) => what)).to.deep.equal([
      'gte 20 is 21',
      'gte 20 is 19',
      'the time span is twice as long',
      'the time span is half as long',
      'without group-by',
      'rules without a',
      'rules without b',
    ]);
    expect(made.map(({ section }) => section['timespan'])).to.include.members(['600s', '150s']);
  });

  it('leaves the section it was given as it was', () => {
    const detection = { s: { verb: ['get', 'list'] }, condition: 's' };
    const before = JSON.stringify(detection);
    mutateDetection(detection);
    expect(JSON.stringify(detection)).to.equal(before);
  });
});
