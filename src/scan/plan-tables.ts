import type { Plan } from './plan.ts';

/** What a scanner looks up for every value, drawn from the plan once. */
export interface PlanTables {
  /** By state: 1 where the plan has no action for the value. */
  readonly quiet: Uint8Array;
  /** By state: 1 where what is done for a string does not depend on its text. */
  readonly textless: Uint8Array;
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
  const readsText = (action: number): boolean => textActions.has(plan.actions[action]?.type ?? '');
  const triggered = new Set(plan.triggers.flatMap((trigger) => trigger.patterns));
  return {
    quiet: Uint8Array.from({ length: states }, (_, state) => (actionOffsets[state] === actionOffsets[state + 1] ? 1 : 0)),
    textless: Uint8Array.from({ length: states }, (_, state) =>
      actionList.subarray(actionOffsets[state], actionOffsets[state + 1]).some(readsText) ? 0 : 1,
    ),
    scalarClasses: plan.nameClasses.reduce((bits, one, i) => (one.scalars ? bits | (1 << i) : bits), 0) >>> 0,
    untriggered: plan.patterns.flatMap((_, i) => (triggered.has(i) ? [] : [i])),
    hasEncodings: plan.documents.some((one) => one.format === 'base64'),
  };
}
