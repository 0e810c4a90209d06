import type { Plan, PlanAction } from '../plan.ts';
import { textActions } from '../plan-tables.ts';

/** The plan's actions, by state. */
export interface ActionTables {
  readonly actions: readonly (readonly PlanAction[])[];
  /** Of the actions for a string: those that depend on its place, and those that depend on its text alone. */
  readonly atPlace: readonly (readonly PlanAction[])[];
  readonly byText: readonly (readonly PlanAction[])[];
  /** A text in which nothing fires is kept, and nothing else depends on it. */
  readonly keeps: readonly boolean[];
  /** By mask rule: it leaves nothing of a value. */
  readonly isWhole: readonly boolean[];
}

export function actionTables(plan: Plan): ActionTables {
  const { actionOffsets, actionList, states } = plan.automaton;
  const actions = Array.from({ length: states }, (_, state) =>
    [...actionList.subarray(actionOffsets[state], actionOffsets[state + 1])].map((action) => plan.actions[action] as PlanAction),
  );
  const isByText = ({ type }: PlanAction): boolean => textActions.has(type);
  const spared = new Set(plan.actions.flatMap((action) => (action.type === 'spare' ? [action.rule] : [])));
  const byText = actions.map((some) => some.filter(isByText));
  return {
    actions,
    byText,
    keeps: byText.map((some) => some.length > 0 && some.every(({ type }) => type === 'keep')),
    atPlace: actions.map((some) => some.filter((action) => !isByText(action))),
    isWhole: plan.maskRules.map(({ action, unless }, rule) => action === 'redact' && unless === undefined && !spared.has(rule)),
  };
}
