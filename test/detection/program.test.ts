import { expect } from 'chai';
import fc from 'fast-check';
import type { Atom, Condition } from '../../src/detection/condition.ts';
import { evaluate, evaluatePartly } from '../../src/detection/condition.ts';
import { contains, equals } from '../../src/detection/predicates.ts';
import { AtomTable, atomNumbers, falseWhen, runs } from '../../src/detection/program.ts';
import { atom, conditions, truths } from '../support/conditions.ts';

describe('detection/program', () => {
  it('holds exactly when the condition does', () => {
    fc.assert(
      fc.property(conditions, truths, (condition, truth) => {
        const table = new AtomTable();
        const program = table.program(condition);
        const held = runs(program, (number) => truth[table.atoms[number]?.sources[0]?.field ?? 0] === true);
        expect(held).to.equal(evaluate(condition, (item) => truth[item.sources[0]?.field ?? 0] === true));
      }),
    );
  });

  it('is false for certain exactly when no value of the unknown atoms makes it true', () => {
    fc.assert(
      fc.property(conditions, truths, truths, (condition, truth, known) => {
        const table = new AtomTable();
        const fieldOf = (number: number): number => table.atoms[number]?.sources[0]?.field ?? 0;
        const when = falseWhen(table.program(condition), (number) => known[fieldOf(number)] === true);
        expect(atomNumbers(when).every((number) => known[fieldOf(number)])).to.equal(true);
        const partly = evaluatePartly(condition, (item) => {
          const field = item.sources[0]?.field ?? 0;
          return known[field] ? truth[field] : undefined;
        });
        expect(runs(when, (number) => truth[fieldOf(number)] === true)).to.equal(partly === false);
      }),
    );
  });

  it('gives one number to atoms that ask the same of the same values, and others to all else', () => {
    const table = new AtomTable();
    const ask = (more: Partial<Atom>): Condition => ({ ...atom(1), tests: [equals('Get', false)], ...more });
    const same = [ask({}), ask({ name: 'other' }), ask({ tests: [equals('get', false)] })];
    const others = [
      ask({ tests: [equals('Get', true)] }),
      ask({ tests: [contains('get', false)] }),
      ask({ tests: [equals('get', false), contains('x', false)] }),
      ask({ quantifier: 'none' }),
      ask({ sources: [{ field: 1, transform: 'percent' }] }),
      ask({ sources: [{ field: 2, transform: 'none' }] }),
      ask({ decide: () => true }),
      ask({ decide: () => true }),
      ask({ tests: [{ about: 'equals "get"', test: () => true }] }),
      ask({ tests: [{ about: 'equals "get"', test: () => true }] }),
    ];
    expect(same.map((condition) => table.program(condition))).to.deep.equal([0, 0, 0]);
    expect(others.map((condition) => table.program(condition))).to.deep.equal(others.map((_, i) => i + 1));
  });
});
