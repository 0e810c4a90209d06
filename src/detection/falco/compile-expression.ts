import { allOf, anyOf, type Condition, negate } from '../condition.ts';
import { always, type CheckContext, compileCheck, never } from './compile-check.ts';
import type { Expression, Operand } from './expression.ts';

export interface ExpressionContext extends CheckContext {
  /** The compiled macro of this name. @throws ConditionError where there is none */
  readonly macro: (name: string, at: number) => Condition;
}

const isAlways = (condition: Condition): boolean => condition.type === 'and' && condition.items.length === 0;
const isNever = (condition: Condition): boolean => condition.type === 'or' && condition.items.length === 0;

function joined(type: 'and' | 'or', items: readonly Condition[]): Condition {
  if (type === 'and') return items.some(isNever) ? never : allOf(items);
  return items.some(isAlways) ? always : anyOf(items);
}

function opposite(item: Condition): Condition {
  if (isAlways(item)) return never;
  return isNever(item) ? always : negate(item);
}

function readsAuditField(operand: Operand | undefined): boolean {
  if (operand?.type === 'field') return operand.name.startsWith('ka.');
  return (operand?.type === 'call' || operand?.type === 'list') && operand.items.some(readsAuditField);
}

/** Compiles a parsed condition; what is always or never true is folded away. @throws ConditionError */
export function compileExpression(expression: Expression, context: ExpressionContext): Condition {
  switch (expression.type) {
    case 'check': {
      const check = compileCheck(expression, context);
      const upstream = context.upstream && (readsAuditField(expression.left) || readsAuditField(expression.right));
      return upstream ? joined('and', [hasAuditId(context), check]) : check;
    }
    case 'macro':
      return context.macro(expression.name, expression.at);
    case 'not':
      return opposite(compileExpression(expression.item, context));
    default:
      return joined(
        expression.type,
        expression.items.map((item) => compileExpression(item, context)),
      );
  }
}

/** Upstream reads no field of an event without an id. */
function hasAuditId(context: CheckContext): Condition {
  const left = { type: 'field', name: 'ka.auditid', argument: undefined, at: 0 } as const;
  return compileCheck({ type: 'check', left, operator: 'exists', modifier: undefined, right: undefined, at: 0 }, context);
}
