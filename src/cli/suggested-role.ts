import type { ComparedGrant } from '../detection/rbac/compare-grants.ts';
import { describeRule } from '../detection/rbac/rbac-rule.ts';
import type { MadeRole } from '../detection/rbac/role-suggestion.ts';
import { yamlWithFlowLists } from '../detection/yaml-with-flow-lists.ts';
import { printable, shorten } from './printable.ts';

export interface SuggestedRole extends MadeRole {
  /** As the user of the program named them. */
  readonly principal: string;
}

/** Longest line of a comment: event data stands in it. */
const commentColumns = 160;

/** YAML that `kubectl apply -f` takes, with what it was made from and what is granted today as comments. */
export function suggestedYaml(role: SuggestedRole): string {
  const comments = [
    `The rights ${role.principal} used from ${role.from} to ${role.to}: ${role.seen} requests.`,
    'A log shows what was asked for while it was written. Try it beside the old rights before those are taken away.',
    ...(role.refused > 0 ? [`${role.refused} requests were refused; they are not in it.`] : []),
    ...(role.dropped > 0 ? [`${role.dropped} requests are missing in it: there were too many different ones.`] : []),
    ...grantLines(role.granted),
  ];
  const head = comments.map((line) => `# ${shorten(printable(line), commentColumns)}`.trimEnd()).join('\n');
  return `${[head, ...role.objects.map((object) => yamlWithFlowLists(object, 0).trimEnd())].join('\n---\n')}\n`;
}

function grantLines(granted: readonly ComparedGrant[]): readonly string[] {
  if (granted.length === 0)
    return ['Which bindings give them rights today is not in this log: it would have to hold their bodies.'];
  return ['Granted today, as far as this log shows:', ...granted.flatMap(linesOf)];
}

function linesOf({ kind, namespace, name, role, used, unused }: ComparedGrant): readonly string[] {
  const place = namespace === '' ? name : `${namespace}/${name}`;
  if (!used || !unused) return [`  ${kind} ${place} of ${role}: its rules are not in this log`];
  const all = used.length + unused.length;
  const state = used.length === 0 ? 'nothing of it was used' : `${used.length} of ${all} rules used`;
  return [`  ${kind} ${place} of ${role}: ${state}`, ...unused.slice(0, 10).map((rule) => `    not used: ${describeRule(rule)}`)];
}
