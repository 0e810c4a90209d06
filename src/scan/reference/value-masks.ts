import type { PlanConditions } from '../plan.ts';
import { byName, byPlace, type LeafMasker } from './leaf-masker.ts';
import { type ConditionalMask, isUnconditional, type Objects, unconditional, type WaitingMasks } from './objects.ts';
import { spareMembers } from './spare-members.ts';
import type { TextDocument } from './text-document.ts';

/** Masks whole values, at once or when the object that their conditions ask has told. */
export class ValueMasks {
  readonly #objects: Objects;
  readonly #leaves: LeafMasker;

  constructor(objects: Objects, leaves: LeafMasker) {
    this.#objects = objects;
    this.#leaves = leaves;
  }

  /** `document.bytes[start … end)` is the value; `object` the number of the one that the conditions ask. */
  submit(document: TextDocument, start: number, end: number, rule: number, object: number, conditions: PlanConditions): void {
    if (conditions === unconditional) this.#leaves.mask(document, start, end, rule, byName);
    else if (isUnconditional(conditions)) this.#leaves.mask(document, start, end, rule, byPlace);
    else this.wait(document, start, end, [{ rule, conditions }], object);
  }

  /** The same for several masks that have conditions. */
  wait(document: TextDocument, start: number, end: number, masks: readonly ConditionalMask[], object: number): void {
    const { generation } = document;
    this.#objects.submit({ document, generation, start, end, masks }, object, this.confirm);
  }

  readonly confirm = (value: WaitingMasks, mask: ConditionalMask): void => {
    const { document, start, end } = value;
    if (document.generation !== value.generation) return;
    spareMembers(document, start, end, mask);
    this.#leaves.mask(document, start, end, mask.rule, byPlace);
  };
}
