import fc from 'fast-check';
import type { Atom, Condition } from '../../src/detection/condition.ts';

/** Fields that `conditions` and `truths` are about. */
export const fields = 5;

/** An atom that stands for one field. */
export const atom = (field: number): Atom => ({
  type: 'atom',
  name: `f${field}`,
  sources: [{ field, transform: 'none' }],
  tests: [],
  quantifier: 'any',
});

/** Trees of all shapes over such atoms. */
export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.nat(fields - 1).map(atom),
    fc.array(tie('node'), { maxLength: 3 }).map((items): Condition => ({ type: 'and', items })),
    fc.array(tie('node'), { maxLength: 3 }).map((items): Condition => ({ type: 'or', items })),
    tie('node').map((item): Condition => ({ type: 'not', item })),
  ),
})).node;

/** By field: whether its atom holds. */
export const truths = fc.array(fc.boolean(), { minLength: fields, maxLength: fields });
