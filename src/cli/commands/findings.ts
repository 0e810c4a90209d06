import { Command, Option } from 'commander';
import { type Severity, severities } from '../../core/finding.ts';
import { type ReviewAction, type ReviewState, reviewStates } from '../../core/review.ts';
import { parseSince } from '../command-options.ts';
import type { CliContext } from '../output.ts';
import { type FolderOptions, folderOptions, type NotingOptions, notingOptions } from '../reviewed-folder.ts';

interface ListOptions extends FolderOptions {
  readonly since?: number;
  readonly severity?: Severity;
  readonly state?: ReviewState;
  readonly rule?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly text?: string;
  readonly humans?: boolean;
  readonly limit: string;
  readonly json?: boolean;
}

/** `auditveil findings`: findings with what people said about them. */
export function findingsCommand(context: CliContext): Command {
  const findings = new Command('findings')
    .summary('list findings, and say what became of them')
    .description(
      'Findings of a data folder with their reviews. A review is a note in the findings log, signed and exported with the rest; the agent takes it up within seconds where it runs, else when it starts.',
    )
    .addHelpText('after', '\nExample:\n  auditveil findings list --state open --severity high');
  addList(context, findings);
  const show = findings
    .command('show')
    .summary('show one finding with its reviews')
    .description('Shows a finding, its reviews, and the silence it falls under.')
    .argument('<id>', 'id of the finding, or its first digits')
    .option('--json', 'as one JSON object');
  for (const option of folderOptions()) show.addOption(option);
  show
    .addHelpText('after', '\nExample:\n  auditveil findings show 1bafdaa0')
    .action(async (id: string, options: FolderOptions & { readonly json?: boolean }) => {
      const { showFinding } = await import('../finding-reviews.ts');
      await showFinding(context, id, options);
    });
  addReview(context, findings, 'ack', 'acknowledge', 'somebody looks after it');
  addReview(context, findings, 'close', 'close', 'there is nothing left to do about it');
  addReview(context, findings, 'reopen', 'reopen', 'it is open again');
  return findings;
}

function addList(context: CliContext, findings: Command): void {
  const list = findings
    .command('list')
    .summary('list findings, newest first')
    .description('Lists findings in their last revision, newest first, with the state their last review made.');
  for (const option of folderOptions()) list.addOption(option);
  list
    .addOption(
      new Option('--since <time>', 'that happened since then: 15m, 2h, 7d, or an RFC 3339 time').argParser((text: string) =>
        parseSince(text, Date.now()),
      ),
    )
    .addOption(new Option('--severity <severity>', 'of at least this severity').choices(severities))
    .addOption(new Option('--state <state>', 'only in this state').choices(reviewStates))
    .option('--rule <rule>', 'only of this rule, by id or name')
    .option('--user <user>', 'only of this user, as masked events name them')
    .option('--namespace <namespace>', 'only in this namespace')
    .option('--text <text>', 'only where this stands in rule, actor, object, addresses or command')
    .option('--humans', 'without controllers, nodes and other users of `system:`')
    .addOption(new Option('--limit <n>', 'so many at most').default('50'))
    .option('--json', 'as JSON lines: finding, state, silence, last review')
    .addHelpText('after', '\nExample:\n  auditveil findings list --since 7d --state open')
    .action(async (options: ListOptions) => {
      const { listFindings } = await import('../finding-reviews.ts');
      const { since, limit, dataDir, config, json, ...filter } = options;
      await listFindings(context, {
        folder: { dataDir, ...(config !== undefined && { config }) },
        filter: { ...filter, ...(since !== undefined && { sinceMs: since }) },
        limit: Number(limit) || 50,
        json: json === true,
      });
    });
}

function addReview(context: CliContext, findings: Command, name: string, action: ReviewAction, meaning: string): void {
  const command = findings
    .command(name)
    .summary(`say of a finding that ${meaning}`)
    .description(`Leaves a review: ${meaning}. What you write with --note is masked first.`)
    .argument('<ids...>', 'ids of findings, or their first digits');
  for (const option of notingOptions()) command.addOption(option);
  command
    .addHelpText('after', `\nExample:\n  auditveil findings ${name} 1bafdaa0 --note "see ticket 4711"`)
    .action(async (ids: readonly string[], options: NotingOptions) => {
      const { reviewFindings } = await import('../finding-reviews.ts');
      await reviewFindings(context, action, ids, options);
    });
}
