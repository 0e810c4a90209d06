import { Command, InvalidArgumentError, Option } from 'commander';
import { exceptionsOption, falcoCompatOption, keyOption, listsOption, profileOption, rulesOption } from './command-options.ts';
import type { DetectingOptions } from './load-rule-set.ts';
import type { CliContext } from './output.ts';

interface BacktestOptions extends DetectingOptions {
  readonly key?: string;
  readonly top: number;
  readonly all?: boolean;
  readonly output: 'pretty' | 'json';
}

/** `auditveil rules backtest`: what rules would have found in a log. */
export function backtestCommand(context: CliContext): Command {
  return new Command('backtest')
    .summary('say what rules find in a log, how often, about whom, and what they cost')
    .description(
      'Runs rules over a log that is there: findings by rule and hour, raw and with repeats rolled up, who is in them, and the share of the work each rule makes. Reads events (JSON lines, EventLists, wrappers, gzip), or the data folder of an agent: there the matches that were kept with each event count, and rules that were not in force then are asked of the masked event and marked. Names are masked.',
    )
    .argument('[logs...]', "files of events, `-` or nothing for standard input; or one folder: an agent's data folder")
    .addOption(rulesOption())
    .addOption(listsOption())
    .addOption(profileOption())
    .addOption(exceptionsOption())
    .addOption(falcoCompatOption())
    .addOption(new Option('--top <n>', 'principals named of each rule').argParser(parseTop).default(5))
    .option('--all', 'also rules that found nothing')
    .addOption(new Option('-o, --output <format>', 'for people, or JSON lines').choices(['pretty', 'json']).default('pretty'))
    .addOption(keyOption())
    .addHelpText(
      'after',
      '\nExample:\n  auditveil rules backtest audit.log audit.log.1.gz --profile paranoid\n  auditveil rules backtest /var/lib/auditveil --rules my-rules/ -o json',
    )
    .action((logs: readonly string[], options: BacktestOptions) => backtest(context, logs, options));
}

function parseTop(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Write a number from 0 to 9999.');
  return Number(text);
}

async function backtest(context: CliContext, logs: readonly string[], options: BacktestOptions): Promise<void> {
  const [{ openDetecting }, { runBacktest }, { backtestJson, backtestTable }, { describeExpired }] = await Promise.all([
    import('./open-detecting.ts'),
    import('./run-backtest.ts'),
    import('./backtest-report.ts'),
    import('./describe-exceptions.ts'),
  ]);
  const { engine, keyRing } = await openDetecting(context, options);
  for (const text of describeExpired(engine.rules, Date.now())) context.output.note(text);
  const result = await runBacktest(context, { engine, keyRing, inputs: logs });
  const style = { top: options.top, all: options.all ?? false };
  await context.output.write(
    options.output === 'json' ? backtestJson(result, style) : backtestTable(result, style, context.output),
  );
}
