import { Command, Option } from 'commander';
import { exitCodes } from '../../core/faults.ts';
import type { AuditPolicy } from '../../detection/audit-policy.ts';
import type { RuleFile } from '../../detection/load-rules.ts';
import { falcoCompatOption, listsOption, profileOption, profiles, rulesOption } from '../command-options.ts';
import { loadRuleSet, type RuleSetOptions } from '../load-rule-set.ts';
import type { CliContext } from '../output.ts';
import { readText } from '../read-text.ts';
import { backtestCommand } from '../rules-backtest.ts';
import { suggestCommand } from '../rules-suggest.ts';

interface RuleOptions extends RuleSetOptions {
  readonly json?: boolean;
  readonly mutants?: boolean;
  readonly policy?: string;
}

interface CoverageOptions extends RuleOptions {
  readonly policy: string;
  readonly output: 'pretty' | 'json' | 'navigator';
  readonly all?: boolean;
  readonly failBlind?: boolean;
}

/** `auditveil rules`: the detection rules, shipped and own. */
export function rulesCommand(context: CliContext): Command {
  const rules = new Command('rules')
    .summary('list, show, test, tune and lint detection rules')
    .description('Works on the shipped detection rules, or with --rules on your own.');
  const add = (name: string, summary: string, description: string, example: string): Command =>
    rules
      .command(name)
      .summary(summary)
      .description(description)
      .addOption(rulesOption())
      .addOption(listsOption())
      .addOption(falcoCompatOption())
      .addHelpText('after', `\nExample:\n  ${example}`);
  add('list', 'list rules', 'Lists the rules of a profile: severity, id, name.', 'auditveil rules list --profile hunting')
    .addOption(profileOption())
    .option('--json', 'as JSON lines')
    .action((options: RuleOptions) => list(context, options));
  add('show', 'show a rule', "Shows a rule's file part by id or name.", 'auditveil rules show "Exec into a pod"')
    .argument('<rule>', 'id or name')
    .action((wanted: string, options: RuleOptions) => show(context, wanted, { ...options, profile: 'hunting' }));
  add(
    'test',
    'run the examples of rules',
    'Runs the examples inside the rules: what should match and what should not. Exit code 1 where one fails.',
    'auditveil rules test --rules my-rules/',
  )
    .addOption(new Option('--profile <profile>', 'only rules of this profile').choices(profiles).default('hunting'))
    .option('--mutants', 'also change each rule in one thing at a time, and name the changes that no example notices')
    .action((options: RuleOptions) => test(context, options));
  add(
    'lint',
    'look for rules that cannot work',
    'Looks for what is allowed and probably not meant: rules that can never match, fields no event has, subresources and stages left open, rules that another rule covers, and with --policy what the audit policy of the API server does not log.',
    'auditveil rules lint --rules my-rules/ --policy audit-policy.yaml',
  )
    .addOption(new Option('--policy <file>', 'audit policy of the API server (audit.k8s.io/v1 Policy)'))
    .action((options: RuleOptions) => lint(context, { ...options, profile: 'hunting' }));
  add(
    'coverage',
    'say which rules are blind under an audit policy, and why',
    'Compares what rules ask about with what an audit policy of the API server logs: by tactic, then rule by rule with the line of the policy that hides something (level, stage, resource, verb, users). `-o navigator` writes a layer for the ATT&CK Navigator.',
    'auditveil rules coverage --policy /etc/kubernetes/audit-policy.yaml\n  auditveil rules coverage --policy audit-policy.yaml -o navigator > layer.json',
  )
    .addOption(new Option('--policy <file>', 'audit policy of the API server (audit.k8s.io/v1 Policy)').makeOptionMandatory())
    .addOption(profileOption())
    .option('--all', 'also name why rules see only a part, and the rules that see everything')
    .addOption(
      new Option('-o, --output <format>', 'for people, JSON lines, or a layer of the ATT&CK Navigator')
        .choices(['pretty', 'json', 'navigator'])
        .default('pretty'),
    )
    .option('--fail-blind', 'exit code 5 where a rule is blind')
    .action((options: CoverageOptions) => coverage(context, options));
  rules.addCommand(backtestCommand(context)).addCommand(suggestCommand(context));
  return rules.addHelpText('after', '\nExample:\n  auditveil rules list');
}

async function list(context: CliContext, options: RuleOptions): Promise<void> {
  const [{ set }, { table }] = await Promise.all([loadRuleSet(options), import('../table.ts')]);
  const { output } = context;
  if (options.json) await output.write(set.infos.map((info) => `${JSON.stringify(info)}\n`).join(''));
  else
    await output.line(
      table([['SEVERITY', 'ID', 'NAME'], ...set.infos.map((info) => [info.severity, info.id, info.name])], output.tableColumns),
    );
}

async function show(context: CliContext, wanted: string, options: RuleOptions): Promise<void> {
  const [{ set, files }, { isFalcoText }, { rulesNamed }] = await Promise.all([
    loadRuleSet(options),
    import('../../detection/falco/is-falco-text.ts'),
    import('../rules-named.ts'),
  ]);
  const [{ rule: found }] = rulesNamed(set, wanted);
  const text = files.find(({ file }) => file === found.location.file)?.text ?? '';
  const part = isFalcoText(text) ? itemAt(text, found.location.line) : documentOf(text, found.info.id);
  await context.output.write(`# ${found.location.file}:${found.location.line}\n${part.trim()}\n`);
}

/** The document of a Sigma file that holds the id. */
function documentOf(text: string, id: string): string {
  return text.split(/^---[ \t]*$/m).find((document) => document.includes(id)) ?? text;
}

/** The item of a Falco file that starts at or before a line, up to the next. */
function itemAt(text: string, line: number): string {
  const lines = text.split('\n');
  const starts = (at: number): boolean => /^(?:- |-$|---)/.test(lines[at] ?? '');
  let [from, to] = [line - 1, line];
  while (from > 0 && !starts(from)) from--;
  while (to < lines.length && !starts(to) && !/^#/.test(lines[to] ?? '')) to++;
  return lines.slice(from, to).join('\n');
}

async function test(context: CliContext, options: RuleOptions): Promise<void> {
  const [{ set, files }, { runExamples }, { countEpisodes }] = await Promise.all([
    loadRuleSet(options, true),
    import('../../detection/run-examples.ts'),
    import('../../state/count-episodes.ts'),
  ]);
  const results = runExamples(set, { countEpisodes });
  const failed = results.filter((result) => !result.passed);
  for (const { file, ruleName, example, why } of failed) await context.output.line(`${file}: ${ruleName}: ${example}: ${why}`);
  const untested = [...set.rules, ...set.correlations].filter(({ rule }) => rule.tests.length === 0).length;
  const without = untested === 0 ? '' : `; ${counted(untested, 'rule')} without examples`;
  await context.output.line(`${results.length - failed.length} examples passed, ${failed.length} failed${without}`);
  const unnoticed = options.mutants ? await mutants(context, files) : 0;
  if (failed.length + unnoticed > 0) context.setExitCode(exitCodes.failed);
}

/** Number of changes of rules that no example notices. */
async function mutants(context: CliContext, files: readonly RuleFile[]): Promise<number> {
  const [{ findSurvivors }, { countEpisodes }, { shippedMapping }] = await Promise.all([
    import('../../detection/find-survivors.ts'),
    import('../../state/count-episodes.ts'),
    import('../../pipeline/load-files.ts'),
  ]);
  const mapping = await shippedMapping();
  let found = 0;
  for (const file of files) {
    for (const { ruleName, what } of findSurvivors(file, { mapping, countEpisodes })) {
      await context.output.line(`${file.file}: ${ruleName}: no example notices: ${what}`);
      found++;
    }
  }
  await context.output.line(`${found} changes that no example notices`);
  return found;
}

async function policyOf(file: string): Promise<AuditPolicy> {
  const { parseAuditPolicy } = await import('../../detection/audit-policy.ts');
  return parseAuditPolicy(file, await readText(file));
}

async function lint(context: CliContext, options: RuleOptions): Promise<void> {
  const [{ set, files }, { lintRules }] = await Promise.all([loadRuleSet(options), import('../../detection/lint.ts')]);
  const notes = lintRules(set, { files, ...(options.policy !== undefined && { policy: await policyOf(options.policy) }) });
  for (const { location, message, code } of notes)
    await context.output.line(`${location.file}:${location.line}:${location.column}: ${message} (${code})`);
  for (const { file, line, message } of set.notices ?? []) await context.output.line(`${file}:${line}: ${message}`);
  await context.output.line(`${counted(set.rules.length + set.correlations.length, 'rule')}, ${counted(notes.length, 'note')}`);
}

async function coverage(context: CliContext, options: CoverageOptions): Promise<void> {
  const [{ set }, { reportCoverage }] = await Promise.all([loadRuleSet(options), import('../coverage-report.ts')]);
  const { output: format, all = false, failBlind = false } = options;
  const blind = await reportCoverage(context.output, { set, policy: await policyOf(options.policy), format, all });
  if (failBlind && blind > 0) context.setExitCode(exitCodes.found);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
