import { exitCodes, Fault } from '../core/faults.ts';
import { type FieldChange, PolicyDiff } from '../masking/policy-diff.ts';
import { openEngine } from '../pipeline/open-engine.ts';
import { traceEngine } from '../pipeline/trace-engine.ts';
import { eachEvent } from './each-event.ts';
import type { CliContext } from './output.ts';
import { table } from './table.ts';
import { userKeyRing } from './user-key.ts';

export interface CompareOptions {
  /** Two policies, by name or file. */
  readonly policies: readonly [string, string];
  readonly files: readonly string[];
  readonly enable: readonly string[];
  readonly packs: readonly string[];
  readonly key: string | undefined;
  readonly json: boolean;
  /** Exit code 5 where something would be exposed. */
  readonly failOnExposed: boolean;
}

/** Says which fields of these events a change from one policy to another would expose, newly mask or mask otherwise. */
export async function comparePolicies(context: CliContext, options: CompareOptions): Promise<void> {
  const { enable, packs, files } = options;
  const keyRing = await userKeyRing(context, options.key);
  const open = async (policy: string) => {
    // With all shipped rules the plan knows more names of Kubernetes: they may stand in the answer, others may not.
    const detect = { profile: 'hunting', builtIn: true, rules: [] } as const;
    const engine = await openEngine({ policy, enable, packs, detect, keyRing });
    return { engine, tracer: traceEngine(engine, keyRing) };
  };
  const [before, after] = [await open(options.policies[0]), await open(options.policies[1])];
  const diff = new PolicyDiff(before.engine.plan, after.engine.plan);
  let [events, unread] = [0, 0];
  await eachEvent(context, files, async ({ bytes, start, end, reason }) => {
    events++;
    const first = reason === undefined ? before.tracer.trace(bytes, start, end) : undefined;
    const second = first?.fault === 0 ? after.tracer.trace(bytes, start, end) : undefined;
    if (first && second?.fault === 0) diff.add(first, second);
    else unread++;
    return undefined;
  });
  const changes = diff.changes();
  if (options.json) await context.output.write(changes.map((change) => `${JSON.stringify(change)}\n`).join(''));
  else await context.output.line(forPeople(changes, context.output.tableColumns));
  const { id, digest } = before.engine.policy;
  const next = after.engine.policy;
  context.output.note(
    `auditveil: ${events} events, from ${id} (${digest.slice(0, 8)}) to ${next.id} (${next.digest.slice(0, 8)})${unread > 0 ? `; ${unread} become stubs and were left out` : ''}`,
  );
  if (options.failOnExposed && changes.some(({ change }) => change === 'exposed')) context.setExitCode(exitCodes.found);
}

function forPeople(changes: readonly FieldChange[], columns: number): string {
  const sums = (['exposed', 'masked', 'changed'] as const).map((wanted) => {
    const of = changes.filter(({ change }) => change === wanted);
    return { wanted, fields: of.length, values: of.reduce((sum, { values }) => sum + values, 0) };
  });
  const words = { exposed: 'would be exposed', masked: 'would be masked in addition', changed: 'would be masked otherwise' };
  const summary = sums.map(({ wanted, fields, values }) => `${values} values in ${fields} fields ${words[wanted]}`).join('\n');
  if (changes.length === 0) return summary;
  const rows = changes.map((one) => [
    one.change,
    String(one.values),
    String(one.events),
    `${one.kind} (${one.action})${one.now === undefined ? '' : ` → ${one.now}`}`,
    one.field,
  ]);
  return `${table([['CHANGE', 'VALUES', 'EVENTS', 'KIND', 'FIELD'], ...rows], Math.max(columns, 160))}\n\n${summary}`;
}

/** What `--policy-diff A B FILE…` says: the option takes all words that follow it. */
export function splitPolicies(
  words: readonly string[],
  parse: (policy: string) => string,
): { policies: [string, string]; files: readonly string[] } {
  const [before, after, ...files] = words;
  if (before === undefined || after === undefined) {
    throw new Fault('--policy-diff compares two policies', {
      code: 'E_USAGE_POLICY',
      remedy: 'Write `auditveil mask --policy-diff standard my-policy.yml audit.log`.',
    });
  }
  return { policies: [parse(before), parse(after)], files };
}
