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
  const readsText = plan.actions.map(({ type }) => textActions.has(type));
  const isKeep = plan.actions.map(({ type }) => type === 'keep');
  const isOpaque = plan.actions.map((action) => action.type === 'mask' && action.opaque);
  const quiet = new Uint8Array(states);
  const textless = new Uint8Array(states).fill(1);
  const placeless = new Uint8Array(states).fill(1);
  const opaque = new Uint8Array(states);
  const keeps = new Uint8Array(states);
  for (let state = 0; state < states; state++) {
    const [from, to] = [actionOffsets[state] as number, actionOffsets[state + 1] as number];
    if (from === to) quiet[state] = 1;
    for (let i = from; i < to; i++) {
      const action = actionList[i] as number;
      if (isOpaque[action]) opaque[state] = 1;
      if (!readsText[action]) placeless[state] = 0;
      else {
        // The first text action makes it so, any other kind of them ends it.
        if (textless[state] === 1) keeps[state] = 1;
        textless[state] = 0;
        if (!isKeep[action]) keeps[state] = 0;
      }
    }
  }
  return {
    ...{ quiet, textless, placeless, opaque, keeps },
    scalarClasses: plan.nameClasses.reduce((bits, one, i) => (one.scalars ? bits | (1 << i) : bits), 0) >>> 0,
    untriggered: untriggered(plan),
    hasEncodings: plan.documents.some((one) => one.format === 'base64'),
  };
}

/** Patterns without a trigger. */
export function untriggered(plan: Plan): readonly number[] {
  const triggered = new Set(plan.triggers.flatMap((trigger) => trigger.patterns));
  return plan.patterns.flatMap((_, i) => (triggered.has(i) ? [] : [i]));
}
