import type { Plan, PlanAction } from '../plan.ts';
import { textActions } from '../plan-tables.ts';
import { type ConditionalMask, isUnconditional } from './objects.ts';

/** Masks of one value that ask the same object. */
export interface MasksAction {
  readonly type: 'masks';
  readonly depth: number;
  readonly masks: readonly ConditionalMask[];
}
export type PlaceAction = PlanAction | MasksAction;

/** The plan's actions, by state. */
export interface ActionTables {
  readonly actions: readonly (readonly PlanAction[])[];
  /** Of the actions for a string: those that depend on its place, and those that depend on its text alone. */
  readonly atPlace: readonly (readonly PlaceAction[])[];
  readonly byText: readonly (readonly PlanAction[])[];
  /** By mask rule: it leaves nothing of a value. */
  readonly isWhole: readonly boolean[];
}

export function actionTables(plan: Plan): ActionTables {
  const { actionOffsets, actionList, states } = plan.automaton;
  const actions = Array.from({ length: states }, (_, state) =>
    [...actionList.subarray(actionOffsets[state], actionOffsets[state + 1])].map((action) => plan.actions[action] as PlanAction),
  );
  const isByText = ({ type }: PlanAction): boolean => textActions.has(type);
  const spared = new Set([
    ...plan.actions.flatMap((action) => (action.type === 'spare' ? [action.rule] : [])),
    ...plan.members.flatMap(({ rule, except }) => (except.length > 0 ? [rule] : [])),
  ]);
  const atPlace = actions.map((some) => grouped(some.filter((action) => !isByText(action))));
  const byText = actions.map((some) => some.filter(isByText));
  return {
    actions,
    byText,
    atPlace,
    isWhole: plan.maskRules.map(({ action, unless }, rule) => action === 'redact' && unless === undefined && !spared.has(rule)),
  };
}

/** Masks under conditions that follow each other and ask the same object are one action. */
function grouped(actions: readonly PlanAction[]): PlaceAction[] {
  const found: PlaceAction[] = [];
  for (const action of actions) {
    const isWaiting = action.type === 'mask' && !action.opaque && !isUnconditional(action.conditions);
    const last = found.at(-1);
    if (!isWaiting) found.push(action);
    else if (last?.type === 'masks' && last.depth === action.depth)
      found[found.length - 1] = { ...last, masks: [...last.masks, action] };
    else found.push({ type: 'masks', depth: action.depth, masks: [action] });
  }
  return found;
}
