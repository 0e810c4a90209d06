import { utf8Text } from '../core/byte-text.ts';
import { stubReasons } from '../core/tile.ts';
import { type ClauseTruth, explainRules, type RuleTruth } from '../detection/explain.ts';
import { explainMasks, type MaskExplanation } from '../masking/explain-masks.ts';
import type { MaskTracer } from '../masking/mask-trace.ts';
import type { Engine } from '../pipeline/compose-engine.ts';
import type { KeptFinder, KeptValue } from '../pipeline/trace-kept.ts';
import type { RawEvent } from './each-event.ts';
import { printable } from './printable.ts';

/** What is said of one event: one line of JSON, or a few for people. */
export interface EventExplanation {
  readonly index: number;
  readonly auditID: string | undefined;
  /** Why the event is a stub; then nothing else is known. */
  readonly stub?: string;
  readonly policy: { readonly id: string; readonly version: number; readonly digest: string };
  readonly masks: readonly MaskExplanation[];
  /** What keep rules leave as it is, where that was asked for. */
  readonly kept?: readonly KeptValue[];
  readonly rules: readonly RuleTruth[];
}

export interface ExplainChoice {
  readonly engine: Engine;
  readonly tracer: MaskTracer;
  /** Absent: what is kept is not looked for. */
  readonly kept: KeptFinder | undefined;
  /** Rules to explain whether they matched or not; undefined: those that matched. */
  readonly ruleIds: ReadonlySet<string> | undefined;
}

/** Explains one event: what was masked by which rule, and what the detection rules saw. */
export function explainEvent(event: RawEvent, { engine, tracer, kept, ruleIds }: ExplainChoice): EventExplanation {
  const { policy, plan, rules } = engine;
  const about = { index: event.index, policy: { id: policy.id, version: policy.version, digest: policy.digest } };
  if (event.reason !== undefined) return { ...about, auditID: undefined, stub: event.reason, masks: [], rules: [] };
  const trace = tracer.trace(event.bytes, event.start, event.end);
  if (trace.fault !== 0) return { ...about, auditID: undefined, stub: stubReasons[trace.fault] ?? '', masks: [], rules: [] };
  const masked = JSON.parse(utf8Text(trace.masked)) as Readonly<Record<string, unknown>>;
  const { auditID } = masked;
  const truths = explainRules({ set: rules, raw: { extracts: trace.extracts }, masked, ...(ruleIds && { ruleIds }) });
  return {
    ...about,
    auditID: typeof auditID === 'string' ? auditID : undefined,
    masks: explainMasks(trace, plan, policy.packs),
    ...(kept && { kept: kept.find(event.bytes, event.start, event.end, trace) }),
    rules: ruleIds ? truths : truths.filter((truth) => truth.matched),
  };
}

/** For people: a masking section and a rules section. */
export function formatExplanation({ index, auditID, stub, policy, masks, kept = [], rules }: EventExplanation): string {
  const head = `event ${index}${auditID === undefined ? '' : ` ${auditID}`}, policy ${policy.id}`;
  if (stub !== undefined) return `${printable(head)}\n  becomes a stub: ${stub}\n`;
  const lines = [head, `  masked: ${masks.length === 0 ? 'nothing' : ''}`.trimEnd()];
  for (const mask of masks) {
    const many = mask.count > 1 ? ` (${mask.count} times)` : '';
    lines.push(`    ${mask.path}${many}`);
    lines.push(`      ${mask.masked} → ${mask.shown}`);
    lines.push(
      `      ${mask.kind}, ${mask.action}: rule ${mask.rule} of pack ${mask.pack}, by ${mask.evidence.by}: ${mask.about}`,
    );
  }
  if (kept.length > 0) lines.push('  kept:');
  for (const { path, kind, rule, keptBy } of kept)
    lines.push(`    ${path}`, `      would be ${kind} (rule ${rule}), kept by ${keptBy ?? 'several rules'}`);
  lines.push(`  rules: ${rules.length === 0 ? 'none matches' : ''}`.trimEnd());
  for (const rule of rules) {
    lines.push(
      `    ${rule.matched ? 'yes' : 'no '} ${rule.ruleName} (${rule.severity}, ${rule.ruleId})${rule.silent ? ', counts for correlations only' : ''}`,
    );
    if (rule.waitsFor) lines.push(`      silent until its list is filled with --lists: ${rule.waitsFor.join(', ')}`);
    else lines.push(...clauseLines(rule.condition, 3));
  }
  return `${lines.map(printable).join('\n')}\n`;
}

function clauseLines(clause: ClauseTruth, depth: number): readonly string[] {
  const start = `${'  '.repeat(depth)}${clause.holds ? 'yes' : 'no '} `;
  if (clause.type !== 'clause')
    return [`${start}${clause.type}`, ...clause.items.flatMap((item) => clauseLines(item, depth + 1))];
  const values = clause.values.length === 0 ? 'no value' : clause.values.map((value) => JSON.stringify(value)).join(', ');
  return [`${start}${clause.field} ${clause.asks}: ${values}`];
}
