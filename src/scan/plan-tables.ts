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

/** @param isNoted values of fields are noted elsewhere: not an action */
export function planTables(plan: Plan, isNoted = false): PlanTables {
  const { actionOffsets, actionList, states } = plan.automaton;
  const isLeft = plan.actions.map(({ type }) => isNoted && type === 'extract');
  const readsText = plan.actions.map(({ type }) => textActions.has(type));
  const isKeep = plan.actions.map(({ type }) => type === 'keep');
  const isOpaque = plan.actions.map((action) => action.type === 'mask' && action.opaque);
  const quiet = new Uint8Array(states);
  const textless = new Uint8Array(states);
  const placeless = new Uint8Array(states);
  const opaque = new Uint8Array(states);
  const keeps = new Uint8Array(states);
  for (let state = 0; state < states; state++) {
    const [from, to] = [actionOffsets[state] as number, actionOffsets[state + 1] as number];
    let [all, ofText, ofKeep] = [0, 0, 0];
    for (let i = from; i < to; i++) {
      const action = actionList[i] as number;
      if (isLeft[action]) continue;
      all++;
      if (readsText[action]) ofText++;
      if (isKeep[action]) ofKeep++;
      if (isOpaque[action]) opaque[state] = 1;
    }
    if (all === 0) quiet[state] = 1;
    if (ofText === 0) textless[state] = 1;
    else if (ofText === ofKeep) keeps[state] = 1;
    if (ofText === all) placeless[state] = 1;
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
