import { expect } from 'chai';
import { alphabetOf, compileAutomaton, type PathEntry } from '../../src/compile/automaton.ts';
import { parseAnchor } from '../../src/compile/member-path.ts';
import type { Automaton } from '../../src/scan/plan.ts';

const entry = (path: string, action: number): PathEntry => ({ path: parseAnchor(path), effect: { type: 'action', action } });

const nextState = ({ transitions, rowOf, symbols }: Automaton, state: number, symbol: number): number =>
  transitions[(rowOf[state] as number) * symbols + symbol] as number;

/** Actions of the value at these names. */
function at(entries: readonly PathEntry[], names: readonly string[]): number[] {
  const symbols = alphabetOf(entries);
  const automaton = compileAutomaton(entries, symbols);
  let state = automaton.start;
  for (const name of names) state = nextState(automaton, state, symbols.indexOf(name) + 1);
  return [...automaton.actionList.subarray(automaton.actionOffsets[state], automaton.actionOffsets[state + 1])];
}

const entries = [entry('event.user.name', 0), entry('**.env.value', 1), entry('event.*.name', 2), entry('**.name', 3)];

describe('compile/automaton', () => {
  const cases: readonly (readonly [names: string, actions: readonly number[]])[] = [
    ['user name', [0, 2, 3]],
    ['other name', [2, 3]],
    ['deep other name', [3]],
    ['deep env value', [1]],
    ['env env value', [1]],
    ['value', []],
    ['items user name', [0, 2, 3]],
    ['records properties log user name', [0, 2, 3]],
    ['user items user name', [3]],
  ];
  for (const [names, actions] of cases) {
    it(`finds ${actions.length === 0 ? 'nothing' : `actions ${actions.join(', ')}`} at ${names}`, () => {
      expect(at(entries, names.split(' '))).to.deep.equal(actions);
    });
  }

  it('marks where an event starts and where classes of names count', () => {
    const named: PathEntry = { path: parseAnchor('**.env'), effect: { type: 'names', bit: 2 } };
    const symbols = alphabetOf([named]);
    const automaton = compileAutomaton([named], symbols);
    const { start, eventRoots, nameBits } = automaton;
    expect(eventRoots[start]).to.equal(1);
    expect(nameBits[start]).to.equal(0);
    const env = nextState(automaton, start, symbols.indexOf('env') + 1);
    expect(nameBits[env]).to.equal(4);
    expect(eventRoots[env]).to.equal(0);
  });

  it('refuses paths that multiply each other', () => {
    const names = Array.from({ length: 16 }, (_, i) => `**.a${'.*'.repeat(i + 1)}.z${i}`);
    expect(() => compileAutomaton(names.map(entry), alphabetOf(names.map(entry)))).to.throw(/states/);
  });
});
