import { graver } from '../core/finding.ts';
import { lintRules } from './lint.ts';
import type { CorrelationRule, Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

const opening = `# Detections

Every rule of \`detectors/\`. This page is generated from the rules (\`auditveil docs\`); a test fails when it is stale. How rules are written, tested and tuned is in [rules.md](rules.md).

- **severity**: of its findings. A rule marked *feeds* makes no findings of its own; a correlation counts its matches.
- **needs**: what the audit policy must log for it to see anything: \`Metadata\` (who asked for what), \`Request\` (with the body), \`RequestResponse\`; and lists that only you have.
- **in**: the profiles that run it (\`--profile\`). \`default\` is quiet; \`hunting\` holds everything.
- **rows**: rows of the list of detections that rules are written from.
- **examples**: how many events or streams that must match, and how many that must not, stand in the rule file and are run by \`auditveil rules test\`.
`;

/** What an audit stream cannot show, so that nobody waits for it. */
const closing = `## What the audit stream does not show

| row | why there is no rule |
|---|---|
| DE02 | switching off the logging of a managed control plane is an event of the cloud, not of the cluster |
| IM05 | "every event" is the log itself; \`auditveil tail\` and the sinks show it |
| N08, N09 | what was never used is no event; \`auditveil posture\` and \`auditveil rbac suggest\` read a whole log for it |
| N18 | what the audit policy leaves out is said by \`auditveil rules coverage --policy\` and \`auditveil doctor\` |
| N39 | a rule sees one stream; compare the findings of several clusters where they are kept |

Also outside of it: requests made to a kubelet, to etcd or to the metadata service of a cloud directly, and what happens inside of a container. Certificate requests are base64 of PEM of DER: who is named inside (PS05) is seen where the API server refuses it, not where it signs it. Secrets are logged at the level \`Metadata\` by the policy we ship, because their bodies are secrets: rules about the type of a secret (PS08) need \`Request\`.
`;

/** The page docs/detections.md: one table for each tactic, in the order of the rule files. */
export function detectionsPage(set: RuleSet): string {
  const bodies = bodiesNeeded(set);
  const rows = [
    ...set.rules.map(({ rule, silent }) => ({ rule, cells: ruleCells(rule, silent, bodies.get(rule.info.id)) })),
    ...set.correlations.map(({ rule, silent }) => ({ rule, cells: correlationCells(rule, silent) })),
  ];
  const tactics = [...new Set(rows.map(({ rule }) => tacticOf(rule)))].sort();
  const tables = tactics.map((tactic) => {
    const own = rows.filter(({ rule }) => tacticOf(rule) === tactic).sort((a, b) => order(a.rule, b.rule));
    const head =
      '| detection | severity | what | ATT&CK | needs | in | rows | false positives | examples |\n|---|---|---|---|---|---|---|---|---|';
    return `## ${tactic}\n\n${head}\n${own.map(({ cells }) => tableRow(cells)).join('\n')}\n`;
  });
  const reporting = rows.filter(({ cells }) => !cells[1]?.startsWith('feeds')).length;
  const count = `${rows.length} rules; ${reporting} of them make findings, the others feed correlations.\n`;
  return `${[opening, count, ...tables, closing].join('\n')}`;
}

type AnyRule = Rule | CorrelationRule;

const tacticOf = ({ location }: AnyRule): string => location.file.split('/').at(-2) ?? '';

/** The most severe first, then by name. */
function order(a: AnyRule, b: AnyRule): number {
  return graver(a.info.severity, b.info.severity) || (a.info.name < b.info.name ? -1 : 1);
}

function bodiesNeeded(set: RuleSet): ReadonlyMap<string, string> {
  const notes = lintRules(set).filter(({ code }) => code === 'needs-body');
  return new Map(notes.map(({ ruleId, message }) => [ruleId, message.includes('response body') ? 'RequestResponse' : 'Request']));
}

function ruleCells(rule: Rule, silent: boolean, level = 'Metadata'): readonly string[] {
  const lists = (rule.waitsFor ?? []).map((name) => `list \`${name}\``);
  const matching = rule.tests.filter(({ match }) => match).length;
  const examples = `${matching} + ${rule.tests.length - matching}`;
  return cells(rule, silent, [level, ...lists].join(', '), examples);
}

function correlationCells(rule: CorrelationRule, silent: boolean): readonly string[] {
  const matching = rule.tests.filter(({ findings }) => findings > 0).length;
  const made = `${rule.type} of ${rule.rules.map((name) => `\`${name}\``).join(', ')}`;
  return cells(rule, silent, made, `${matching} + ${rule.tests.length - matching}`);
}

function cells(
  { info, description, falsePositives, profiles }: AnyRule,
  silent: boolean,
  needs: string,
  examples: string,
): readonly string[] {
  const techniques = info.tags.filter((tag) => /^attack\.t\d/.test(tag)).map((tag) => tag.slice('attack.'.length).toUpperCase());
  return [
    info.name,
    silent ? 'feeds' : info.severity,
    description.trim().replaceAll(/\s+/g, ' '),
    techniques.join(' '),
    needs,
    profiles.length === 0 ? 'all' : profiles.join(', '),
    info.covers.join(' '),
    falsePositives.join('; '),
    examples,
  ];
}

const tableRow = (texts: readonly string[]): string => `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
