import type { Finding } from '../core/finding.ts';

/** One line for people: what was found, who did what to what or what the rule itself says, how often. Masked values only. */
export function summaryOf(finding: Finding): string {
  const { rule, event, episode, rolledUp, output } = finding;
  const place = [event.namespace, event.name].filter(Boolean).join('/');
  const what = [event.verb, event.resource, place].filter(Boolean).join(' ');
  const who = event.user ? `by ${event.user}` : '';
  const from = event.sourceIPs.length > 0 ? `from ${event.sourceIPs.at(-1)}` : '';
  const code = event.code === undefined ? '' : `answered ${event.code}`;
  const count = episode?.count ?? rolledUp?.count;
  const often = count === undefined ? '' : `(${count} times)`;
  const told = [...(output ? [output.text] : [what, who, from, code]), often].filter((text) => text !== '').join(' ');
  return told === '' ? rule.name : `${rule.name}: ${told}`;
}
