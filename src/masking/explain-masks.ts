import type { Plan } from '../scan/plan.ts';
import type { Trace, TracedMask, TraceStep } from './mask-trace.ts';
import type { Condition, MaskOperation, MaskRule, Pack } from './pack.ts';
import { formatPath } from './value-path.ts';

/** Why a place of an event is masked. Nothing in it is of the raw value. */
export interface MaskExplanation {
  /** Where, from the event inwards; `›` stands between a text and what is inside it. */
  readonly path: string;
  readonly kind: string;
  readonly action: string;
  readonly rule: string;
  readonly pack: string;
  /** What the rule is about, in its own words. */
  readonly about: string;
  readonly evidence: Evidence;
  readonly masked: 'value' | 'part of the value' | 'name';
  /** What stands there now. */
  readonly shown: string;
  /** How many such masks there are at this path. */
  readonly count: number;
}

/** By what the rule recognised it. */
export interface Evidence {
  readonly by: 'place' | 'name' | 'flag' | 'parameter' | 'pattern' | 'encoding' | 'policy';
  /** The rule's own words for it: paths and conditions, a class of names, an expression and its checks. */
  readonly says: string;
}

/** Longest mask shown: what follows a `truncate` can be long. */
const shownCharacters = 120;

/** Rules in force by the number they have in the plan. */
export function rulesByNumber(
  plan: Plan,
  packs: readonly Pack[],
): readonly ({ readonly rule: MaskRule; readonly pack: Pack } | undefined)[] {
  const byId = new Map(packs.flatMap((pack) => pack.rules.map((rule) => [rule.id, { rule, pack }] as const)));
  return plan.maskRules.map(({ id }) => byId.get(id));
}

/** Explains the masks of a trace. Equal ones at one path come once, with their number. */
export function explainMasks(trace: Trace, plan: Plan, packs: readonly Pack[]): readonly MaskExplanation[] {
  const rules = rulesByNumber(plan, packs);
  const found = new Map<string, MaskExplanation>();
  for (const mask of trace.masks) {
    const explanation = explain(mask, plan, rules[mask.rule]);
    const key = JSON.stringify([explanation.path, explanation.rule, explanation.masked, explanation.shown]);
    found.set(key, { ...explanation, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

function explain(
  mask: TracedMask,
  plan: Plan,
  known: { readonly rule: MaskRule; readonly pack: Pack } | undefined,
): MaskExplanation {
  const inPlan = plan.maskRules[mask.rule];
  return {
    path: formatSteps(mask.steps),
    kind: plan.kinds[inPlan?.kind ?? -1] ?? '',
    action: known?.rule.action ?? inPlan?.action ?? '',
    rule: inPlan?.id ?? '',
    pack: known?.pack.id ?? '',
    about: known?.rule.about ?? '',
    evidence: known ? evidenceOf(known.rule.operation, known.pack) : { by: 'policy', says: '' },
    masked: mask.isName ? 'name' : mask.isWhole ? 'value' : 'part of the value',
    shown: mask.shown.length > shownCharacters ? `${mask.shown.slice(0, shownCharacters)}…` : mask.shown,
    count: 1,
  };
}

/** One line for a chain of documents: `data["app.yaml"] › db.password`. */
export function formatSteps(steps: readonly TraceStep[]): string {
  const paths = steps.map((step) => formatPath(step.path)).filter((path) => path !== '');
  return paths.length === 0 ? '.' : paths.join(' › ');
}

/** How a rule recognises what it masks. */
export function evidenceOf(operation: MaskOperation, pack: Pack): Evidence {
  const expressionOf = (name: string): string => pack.names[name]?.expression ?? name;
  switch (operation.type) {
    case 'structure': {
      const conditions = [...conditionsOf(operation.when), ...conditionsOf(operation.event, 'event ')];
      const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
      return { by: 'place', says: `${operation.mask.join(', ')} in ${operation.in}${where}` };
    }
    case 'names':
      return { by: 'name', says: `names of class ${operation.class}: ${expressionOf(operation.class)}` };
    case 'arguments':
      return { by: 'flag', says: `flags of class ${operation.class}: ${expressionOf(operation.class)}` };
    case 'uri':
      return { by: 'parameter', says: `parameters of class ${operation.class}: ${expressionOf(operation.class)}` };
    case 'pattern': {
      const checks = operation.validate.length === 0 ? '' : `, checked by ${operation.validate.join(', ')}`;
      return { by: 'pattern', says: `${operation.expression}${checks}` };
    }
    case 'document':
      return { by: 'encoding', says: 'encoded text that is too large or too deep to be read' };
    default:
      return { by: 'policy', says: operation.type };
  }
}

function conditionsOf(conditions: Readonly<Record<string, Condition>>, prefix = ''): readonly string[] {
  return Object.entries(conditions).map(([member, condition]) => {
    const name = `${prefix}${member}`;
    if (typeof condition === 'string') return `${name} is ${condition}`;
    if ('names' in condition) return `${name} is a name of class ${condition.names}`;
    if ('matches' in condition) return `${name} matches ${condition.matches}`;
    if ('not' in condition) return `${name} is not ${condition.not.join(' or ')}`;
    return 'absent' in condition ? `there is no ${name}` : `${name} is ${condition.join(' or ')}`;
  });
}
