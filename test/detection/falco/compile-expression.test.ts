import { expect } from 'chai';
import fc from 'fast-check';
import { falcoRule, loadFalco, matchedRules } from '../../support/falco.ts';

interface Event {
  readonly verb?: string;
  readonly stage?: string;
  readonly user?: { readonly username?: string; readonly groups?: readonly string[] };
  readonly requestObject?: { readonly spec?: { readonly containers?: readonly { readonly name?: string }[] } };
}

const word: fc.Arbitrary<string> = fc.constantFrom('get', 'create', 'a', 'ab', 'b c', '');
const shown = (text: string): string => JSON.stringify(text);

/** A condition, and what it should say of an event, reckoned without the engine. */
interface Case {
  readonly text: string;
  readonly holds: (event: Event) => boolean;
}

const scalars: readonly (readonly [field: string, get: (event: Event) => string | undefined])[] = [
  ['ka.verb', (event) => event.verb],
  ['jevt.value[/stage]', (event) => event.stage],
  ['ka.user.name', (event) => event.user?.username],
  ['jevt.value[/requestObject/spec/containers/1/name]', (event) => event.requestObject?.spec?.containers?.[1]?.name],
];
const lists: readonly (readonly [field: string, get: (event: Event) => readonly string[]])[] = [
  ['ka.user.groups', (event) => event.user?.groups ?? []],
  ['ka.req.pod.containers.name', (event) => (event.requestObject?.spec?.containers ?? []).flatMap(({ name }) => name ?? [])],
];

const onText: Readonly<Record<string, (have: string, want: string) => boolean>> = {
  '=': (have, want) => have === want,
  '!=': (have, want) => have !== want,
  contains: (have, want) => have.includes(want),
  startswith: (have, want) => have.startsWith(want),
  endswith: (have, want) => have.endsWith(want),
  icontains: (have, want) => have.toLowerCase().includes(want.toLowerCase()),
};

const scalarCheck: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...scalars), fc.constantFrom(...Object.keys(onText)), word)
  .map(([[field, get], operator, want]) => ({
    text: `${field} ${operator} ${shown(want)}`,
    holds: (event) => {
      const have = get(event);
      return have !== undefined && (onText[operator]?.(have, want) ?? false);
    },
  }));
const existsCheck: fc.Arbitrary<Case> = fc.oneof(
  fc
    .constantFrom(...scalars)
    .map(([field, get]) => ({ text: `${field} exists`, holds: (event: Event) => get(event) !== undefined })),
  fc.constantFrom(...lists).map(([field, get]) => ({ text: `${field} exists`, holds: (event: Event) => get(event).length > 0 })),
);
const listCheck: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...lists), fc.constantFrom('in', 'intersects'), fc.array(word, { maxLength: 3 }))
  .map(([[field, get], operator, wanted]) => ({
    text: `${field} ${operator} (${wanted.map(shown).join(', ')})`,
    holds: (event) => {
      const have = get(event);
      const fits = (value: string): boolean => wanted.includes(value);
      return have.length > 0 && (operator === 'in' ? have.every(fits) : have.some(fits));
    },
  }));
const lengthCheck: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...lists), fc.integer({ min: 0, max: 3 }))
  .map(([[field, get], bound]) => ({
    text: `len(${field}) >= ${bound}`,
    holds: (event) => get(event).length > 0 && get(event).length >= bound,
  }));
const sameCheck: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(...scalars), fc.constantFrom(...scalars))
  .map(([[one, getOne], [other, getOther]]) => ({
    text: `${one} = val(${other})`,
    holds: (event) => getOne(event) !== undefined && getOne(event) === getOther(event),
  }));

const condition = fc.letrec<{ readonly any: Case }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    ...[scalarCheck, listCheck, existsCheck, lengthCheck, sameCheck],
    tie('any').map(({ text, holds }) => ({ text: `not (${text})`, holds: (event: Event) => !holds(event) })),
    fc.tuple(tie('any'), tie('any')).map(([one, other]) => ({
      text: `(${one.text}) and ${other.text.startsWith('not') ? other.text : `(${other.text})`}`,
      holds: (event: Event) => one.holds(event) && other.holds(event),
    })),
    fc.tuple(tie('any'), tie('any')).map(([one, other]) => ({
      text: `(${one.text} or ${other.text})`,
      holds: (event: Event) => one.holds(event) || other.holds(event),
    })),
  ),
})).any;

const event: fc.Arbitrary<Event> = fc.record(
  {
    verb: word,
    stage: word,
    user: fc.record({ username: word, groups: fc.array(word, { maxLength: 3 }) }, { requiredKeys: [] }),
    requestObject: fc.record({
      spec: fc.record({ containers: fc.array(fc.record({ name: word, image: word }, { requiredKeys: [] }), { maxLength: 3 }) }),
    }),
  },
  { requiredKeys: [] },
);

describe('detection/falco/compile-expression', () => {
  it('says of any event what the language means', () => {
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 4 }),
        fc.array(event, { minLength: 1, maxLength: 6 }),
        (cases, events) => {
          const files = cases.map(({ text }, i) => falcoRule(text).replace('rule: Test', `rule: R${i}`));
          const set = loadFalco(files.join(''));
          for (const one of events) {
            const expected = cases.flatMap(({ holds }, i) => (holds(one) ? [`R${i}`] : []));
            expect(matchedRules(set, one)).to.deep.equal(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
