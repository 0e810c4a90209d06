import { expect } from 'chai';
import { faultsOf, load, ruleOf } from '../support/rules.ts';

const base = (name: string, id: number): string => ruleOf('sel: { verb: get }\ncondition: sel', id, `name: ${name}\n`);
const correlation = (name: string, rules: string, id: number, more = 'condition: { gte: 2 }', type = 'event_count'): string =>
  `title: ${name}\nname: ${name}\nid: 00000000-0000-4000-8000-0000000000${id}\ncorrelation: { type: ${type}, rules: ${rules}, timespan: 1m, ${more} }\n`;
const bases = `${base('a', 1)}---\n${base('b', 2)}---\n`;

describe('detection/correlation-graph', () => {
  it('follows chains down to rules, each once', () => {
    const text = `${bases}${[correlation('outer', '[inner, other, a]', 30), correlation('inner', '[a, b]', 31), correlation('other', '[inner, b]', 32)].join('---\n')}`;
    const set = load(text);
    const outer = set.correlations.find(({ rule }) => rule.info.name === 'outer');
    expect(outer?.leaves.map((ids) => ids.map((id) => id.slice(-1)))).to.deep.equal([['1', '2'], ['1', '2'], ['1']]);
    expect(set.stateNames.map((name) => name.slice(-4))).to.deep.equal(['0030', '0031', '0032', '30#0', '30#1', '32#0']);
  });

  it('refuses names nobody has, circles, and correlations that do not fire with an event', () => {
    const table: readonly (readonly [string, string])[] = [
      [correlation('x', '[nosuchthing]', 30), 'does not exist'],
      [correlation('x', '[bb]', 30), 'Did you mean'],
      [`${correlation('x', '[y]', 30)}---\n${correlation('y', '[x]', 31)}`, 'goes back to itself'],
      [correlation('x', '[x]', 30), 'goes back to itself'],
      [`${correlation('x', '[y]', 30)}---\n${correlation('y', '[a]', 31, 'condition: { gte: 2, lt: 9 }')}`, 'upper bound'],
      [`${correlation('x', '[y]', 30)}---\n${correlation('y', '[a, b]', 31, 'generate: true', 'x-absence')}`, 'nothing happens'],
    ];
    for (const [text, part] of table) {
      const faults = faultsOf(bases + text);
      expect(faults, part).to.have.length(1);
      expect(faults[0])
        .to.match(/^\d+:1 E_RULE_CORRELATION/)
        .and.to.include(part);
    }
  });
});
