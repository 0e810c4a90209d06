import type { Plan } from './plan.ts';

/** What a scanner looks up for every value, drawn from the plan once. */
export interface PlanTables {
  /** By state: 1 where the plan has no action for the value. */
  readonly quiet: Uint8Array;
  /** By state: 1 where what is done for a string does not depend on its text. */
  readonly textless: Uint8Array;
  /** By state: 1 where nothing is done for a string because of its place. */
  readonly placeless: Uint8Array;
  /** By state: 1 where a mask is for texts only that are no documents. */
  readonly opaque: Uint8Array;
  /** By state: 1 where a text in which nothing fires is kept, and nothing else depends on it. */
  readonly keeps: Uint8Array;
  /** Name classes that hold for the elements of a list too, not for the list as a whole. */
  readonly scalarClasses: number;
  /** Patterns without a trigger: worth trying on every value. */
  readonly untriggered: readonly number[];
  /** Strings that may hold encoded text are worth a look. */
  readonly hasEncodings: boolean;
}

/** What these do for a string depends on its text alone, and what others do on its place alone. */
export const textActions: ReadonlySet<string> = new Set(['test', 'keep', 'arguments', 'uri']);

export function planTables(plan: Plan): PlanTables {
  const { actionOffsets, actionList, states } = plan.automaton;
  const typesOf = (state: number): readonly string[] =>
    [...actionList.subarray(actionOffsets[state], actionOffsets[state + 1])].map((action) => plan.actions[action]?.type ?? '');
  const isOpaque = (action: number): boolean => {
    const one = plan.actions[action];
    return one?.type === 'mask' && one.opaque;
  };
  const byState = (holds: (state: number) => boolean): Uint8Array =>
    Uint8Array.from({ length: states }, (_, state) => (holds(state) ? 1 : 0));
  const triggered = new Set(plan.triggers.flatMap((trigger) => trigger.patterns));
  return {
    quiet: byState((state) => actionOffsets[state] === actionOffsets[state + 1]),
    textless: byState((state) => !typesOf(state).some((type) => textActions.has(type))),
    placeless: byState((state) => typesOf(state).every((type) => textActions.has(type))),
    opaque: byState((state) => actionList.subarray(actionOffsets[state], actionOffsets[state + 1]).some(isOpaque)),
    keeps: byState((state) => {
      const types = typesOf(state).filter((type) => textActions.has(type));
      return types.length > 0 && types.every((type) => type === 'keep');
    }),
    scalarClasses: plan.nameClasses.reduce((bits, one, i) => (one.scalars ? bits | (1 << i) : bits), 0) >>> 0,
    untriggered: plan.patterns.flatMap((_, i) => (triggered.has(i) ? [] : [i])),
    hasEncodings: plan.documents.some((one) => one.format === 'base64'),
  };
}
