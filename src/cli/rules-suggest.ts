import { Command, InvalidArgumentError, Option } from 'commander';
import { plainJson } from '../findings/plain-json.ts';
import { falcoCompatOption, keyOption, listsOption, profiles, rulesOption } from './command-options.ts';
import { loadRuleSet, type RuleSetOptions } from './load-rule-set.ts';
import type { CliContext } from './output.ts';
import type { Suggested } from './run-suggest.ts';

interface SuggestOptions extends RuleSetOptions {
  readonly rule: string;
  readonly principal?: string;
  readonly key?: string;
  readonly owner: string;
  readonly reason: string;
  readonly expires?: string;
  readonly output: 'yaml' | 'json';
}

const dayMs = 86_400_000;
/** Days until a suggested exception ends, where nothing else is said. */
const defaultDays = 90;

/** `auditveil rules suggest-exception`: the exception that hides what is benign and as little else as can be. */
export function suggestCommand(context: CliContext): Command {
  return new Command('suggest-exception')
    .summary('write the smallest exception that hides benign matches of a rule')
    .description(
      "Takes the matches of one rule in a log, or of one user with --principal, to be benign, and writes an exception that hides them: the one that hides the least else in the log and none of the rule's own examples of attacks. Says what it would hide. Refuses where every exception would hide an attack. Values that are masked cannot stand in an exception; a user named with --principal in clear can, and stays on this machine. Reads what `rules backtest` reads.",
    )
    .argument('[logs...]', "files of events, `-` or nothing for standard input; or one folder: an agent's data folder")
    .addOption(new Option('--rule <id|name>', 'rule or correlation').makeOptionMandatory())
    .addOption(new Option('--principal <user>', 'only matches of this user: the name in clear, or the pseudonym as it is shown'))
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(new Option('--profile <profile>', 'which shipped rules are known').choices(profiles).default('hunting'))
    .addOption(falcoCompatOption())
    .addOption(new Option('--owner <owner>', 'who answers for the exception').default('CHANGE-ME'))
    .addOption(new Option('--reason <reason>', 'why the findings need not be seen').default('CHANGE-ME'))
    .addOption(new Option('--expires <date>', `when it ends, 2026-12-31 (default: in ${defaultDays} days)`).argParser(parseDate))
    .addOption(new Option('-o, --output <format>', 'ready to paste, or JSON').choices(['yaml', 'json']).default('yaml'))
    .addOption(keyOption())
    .addHelpText(
      'after',
      '\nExample:\n  auditveil rules suggest-exception audit.log --rule "Secret read by a person" --principal deployer@example.com --owner platform > exceptions.yml\n  auditveil rules suggest-exception /var/lib/auditveil --rule exec_in_pod',
    )
    .action((logs: readonly string[], options: SuggestOptions) => suggest(context, logs, options));
}

function parseDate(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('Write a date such as 2026-12-31.');
  return text;
}

async function suggest(context: CliContext, logs: readonly string[], options: SuggestOptions): Promise<void> {
  const [{ openDetecting }, { suggestException }] = await Promise.all([
    import('./open-detecting.ts'),
    import('./run-suggest.ts'),
  ]);
  const { rule, principal, owner, reason } = options;
  const { engine, keyRing } = await openDetecting(context, options);
  const expires = options.expires ?? new Date(Date.now() + defaultDays * dayMs).toISOString().slice(0, 10);
  const words = { owner, reason, expires };
  const withExamples = async () => (await loadRuleSet(options)).set;
  const suggested = await suggestException(context, { engine, keyRing, inputs: logs, rule, principal, words, withExamples });
  await context.output.write(options.output === 'json' ? `${plainJson(jsonOf(suggested))}\n` : commented(suggested));
}

function jsonOf({ rule, matches, benign, attacks, best, yaml, correlations, isForAnybody }: Suggested): unknown {
  const { id, name, severity } = rule;
  const where = Object.fromEntries(best.where.map(({ field, values }) => [field, values]));
  return {
    rule: { id, name, severity },
    where,
    silences: benign,
    matches,
    alsoHides: best.alsoHides,
    attackExamples: attacks,
    isForAnybody,
    correlations,
    yaml,
  };
}

function commented({ rule, matches, benign, attacks, best, yaml, correlations, isForAnybody }: Suggested): string {
  const lines = [
    `${rule.name} (${rule.severity}): hides ${benign} of its ${matches} matches in this log${best.alsoHides > 0 ? `, and ${best.alsoHides} that were not meant` : ''}.`,
    `Of its ${attacks} examples of attacks it hides none.`,
    ...(isForAnybody ? ['It is for anybody who does this: name a user with --principal to make it smaller.'] : []),
    ...(correlations.length > 0 ? [`These correlations will not see the events either: ${correlations.join(', ')}.`] : []),
  ];
  return `${lines.map((line) => `# ${line}\n`).join('')}${yaml}`;
}
