import { readFile } from 'node:fs/promises';
import { unreadableFile } from '../core/faults.ts';
import { parseAuditPolicy } from '../detection/audit-policy.ts';
import { type LintNote, lintRules } from '../detection/lint.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import { Checking, type CheckResult } from './check-result.ts';

const namedAtMost = 5;

/** The rules in force, and which of them the audit policy of kube-apiserver leaves blind. */
export async function checkRules(rules: RuleSet, policyFile: string | undefined): Promise<readonly CheckResult[]> {
  const checking = new Checking('rules');
  const count = rules.rules.length + rules.correlations.length;
  const loaded =
    count === 0
      ? checking.warning('no rule is in force: nothing will be found', 'See `detect` in docs/config.md.')
      : checking.ok(`${count} rules in force`);
  if (policyFile === undefined) {
    const remedy = 'Name the file of --audit-policy-file with --policy to see which rules it leaves blind.';
    return [loaded, checking.skipped('the audit policy of kube-apiserver is not known', remedy)];
  }
  return [loaded, ...(await checking.from(() => againstPolicy(checking, rules, policyFile)))];
}

async function againstPolicy(checking: Checking, rules: RuleSet, file: string): Promise<readonly CheckResult[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause);
  });
  const notes = lintRules(rules, { policy: parseAuditPolicy(file, text) });
  const blind = named(notes, 'not-logged');
  const partly = named(notes, 'partly-logged');
  const seen =
    partly.length === 0
      ? `${file} logs what every rule needs`
      : `under ${file} ${partly.length} rules see a part of what they ask about; \`auditveil rules coverage --policy\` names it`;
  if (blind.length === 0) return [checking.ok(seen)];
  const who = blind.length === 1 ? '1 rule can' : `${blind.length} rules can`;
  const remedy = `Log what they need, or live without them: auditveil rules coverage --policy ${file}`;
  return [checking.ok(seen), checking.warning(`${who} never see an event under this audit policy: ${list(blind)}`, remedy)];
}

function named(notes: readonly LintNote[], code: LintNote['code']): readonly string[] {
  return [...new Set(notes.filter((note) => note.code === code).map(({ ruleName }) => ruleName))];
}

function list(names: readonly string[]): string {
  const more = names.length > namedAtMost ? ` and ${names.length - namedAtMost} more` : '';
  return `${names.slice(0, namedAtMost).join(', ')}${more}`;
}
