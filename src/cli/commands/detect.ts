import { Command, Option } from 'commander';
import type { Finding, FindingFormat } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import {
  exceptionsOption,
  falcoCompatOption,
  formatOption,
  keyOption,
  listsOption,
  matchOptions,
  profileOption,
  rulesOption,
} from '../command-options.ts';
import { describeExpired, describeHidden } from '../describe-exceptions.ts';
import { findingFormatter } from '../finding-formatter.ts';
import type { DetectingOptions } from '../load-rule-set.ts';
import type { CliContext } from '../output.ts';

interface DetectOptions extends DetectingOptions {
  readonly firstMatch?: boolean;
  readonly suppress?: boolean;
  readonly key?: string;
  readonly output: FindingFormat;
}

/** `auditveil detect`: events in, findings out. */
export function detectCommand(context: CliContext): Command {
  const [all, first] = matchOptions();
  return new Command('detect')
    .summary('find attacks in audit events: one finding per JSON line')
    .description(
      'Runs detection rules over audit events and writes one finding per line. Findings hold masked values only. Findings of single events come in the order of the input; an episode of several events is written again with a higher revision when it grows, and for the last time at the end.',
    )
    .argument('[files...]', 'JSON lines, EventLists or wrappers, plain or gzip; `-` or nothing for standard input')
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(profileOption())
    .addOption(all)
    .addOption(first)
    .addOption(new Option('--suppress', 'roll up repeats of one rule by one principal within an hour'))
    .addOption(falcoCompatOption())
    .addOption(exceptionsOption())
    .addOption(formatOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      '\nExample:\n  auditveil detect /var/log/kubernetes/audit/audit.log\n  auditveil detect --rules my-rules/ --suppress audit.log.gz',
    )
    .action((files: readonly string[], options: DetectOptions) => detect(context, files, options));
}

async function detect(context: CliContext, files: readonly string[], options: DetectOptions): Promise<void> {
  const [{ openDetecting }, { identifier }, { inspectInputs }, { FindingStage }, { TileRecords, latestEventTimeUs }, formatter] =
    await Promise.all([
      import('../open-detecting.ts'),
      import('../../pipeline/open-engine.ts'),
      import('../inspect-inputs.ts'),
      import('../../pipeline/finding-stage.ts'),
      import('../../pipeline/tile-records.ts'),
      findingFormatter(options.output),
    ]);
  const { engine, keyRing } = await openDetecting(context, options);
  for (const { file, line, message } of engine.rules.notices ?? []) context.output.note(`${file}:${line}: ${message}`);
  for (const text of describeExpired(engine.rules, Date.now())) context.output.note(text);
  const stage = new FindingStage({
    rules: engine.rules,
    identify: identifier(keyRing),
    firstMatch: options.firstMatch ?? false,
    ...(options.suppress ? { suppress: 'last' as const } : {}),
  });
  const records = new TileRecords(limits.dedupeRecords);
  let isQuiet = true;
  const write = async (findings: readonly Finding[]): Promise<void> => {
    if (findings.length === 0) return;
    isQuiet = false;
    await context.output.write(findings.map((finding) => `${formatter(finding)}\n`).join(''));
  };
  const { events } = await inspectInputs(context, engine, {
    files,
    lists: 'split',
    cluster: '',
    nowMs: Date.now,
    use: async (tile, input) => {
      const nowMs = Date.now();
      const found: Finding[] = [];
      for (const { record, index } of records.of(tile, nowMs)) {
        found.push(...stage.push(record, index));
      }
      if (tile.count > 0) stage.observe(input, latestEventTimeUs(tile), nowMs * 1000);
      found.push(...stage.advance(nowMs * 1000));
      await write(found);
    },
  });
  await write(stage.close());
  const { rules, correlations } = engine.rules;
  if (isQuiet && events > 0)
    context.output.note(`auditveil: no findings in ${events} events (${rules.length + correlations.length} rules)`);
  const hidden = describeHidden(stage.hidden(), engine.rules);
  if (hidden) context.output.note(hidden);
}
