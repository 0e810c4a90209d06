import { Command, Option } from 'commander';
import type { Config } from '../../config/schema.ts';
import { Fault } from '../../core/faults.ts';
import { keyOption, parseSince } from '../command-options.ts';
import { dataPlace, withDataPlace } from '../data-place.ts';
import type { CliContext } from '../output.ts';
import type { QueryFormat } from '../query-output.ts';

export interface QueryOptions {
  readonly dataDir: string;
  readonly config?: string;
  /** Of the configuration. */
  readonly masking?: Config['masking'];
  readonly list?: true;
  readonly schema?: true;
  readonly since?: number;
  readonly until?: number;
  readonly user?: string;
  readonly namespace?: string;
  readonly limit: number;
  readonly key?: string;
  readonly output: QueryFormat;
  readonly out?: string;
}

const example = `
Examples:
  auditveil query who-read-secrets --data-dir /var/lib/auditveil/data --since 7d
  auditveil query what-a-user-did --user alice@example.com --key /var/lib/auditveil/keys.json
  auditveil query "SELECT username, count(*) FROM events WHERE code = 403 GROUP BY 1 ORDER BY 2 DESC" -o csv --out denied.csv`;

/** `auditveil query`: SQL and ready questions over masked events, findings and notes. */
export function queryCommand(context: CliContext): Command {
  const time = (text: string): number => parseSince(text, Date.now());
  const command = new Command('query')
    .summary('ask about masked events and findings: ready questions, or SQL')
    .description(
      'Answers a ready question, or one SELECT in the dialect of DuckDB, about what the logs in a data folder hold: events, findings and notes, all masked. Nothing can be changed by it, and no other file be read. The agent may run or not. Asking is noted in the findings log.',
    )
    .argument('[question]', 'name of a ready question (--list), or SQL');
  return withDataPlace(command, 'its data folder and key are used')
    .addOption(new Option('--list', 'show the ready questions'))
    .addOption(new Option('--schema', 'show the tables and their columns'))
    .addOption(
      new Option('--since <time>', 'ready questions: since then: 2h, 7d, or an RFC 3339 time (default: 7d)').argParser(time),
    )
    .addOption(new Option('--until <time>', 'ready questions: before then (default: now)').argParser(time))
    .addOption(new Option('--user <name>', 'ready questions: of this user only, in clear (with --key) or as it is shown'))
    .addOption(new Option('--namespace <name>', 'ready questions: in this namespace only'))
    .addOption(new Option('--limit <n>', 'ready questions: rows at most').argParser(parseRows).default(1_000))
    .addOption(keyOption())
    .addOption(
      new Option('-o, --output <format>', 'json: one object a line')
        .choices(['table', 'json', 'csv', 'parquet'])
        .default('table'),
    )
    .addOption(new Option('--out <file>', 'write there instead of standard output; must not exist'))
    .addHelpText('after', example)
    .action(async (question: string | undefined, options: QueryOptions) => {
      const { questionList, schemaPage } = await import('../query-pages.ts');
      if (options.list) return context.output.write(questionList(context.output.tableColumns));
      if (options.schema) return context.output.write(schemaPage(context.output.tableColumns));
      if (question === undefined)
        throw new Fault('nothing was asked', {
          code: 'E_USAGE_QUESTION',
          remedy: 'Name a ready question (`auditveil query --list`), or give SQL in quotes (`auditveil query --schema`).',
        });
      const { answer } = await import('../answer-query.ts');
      const { dataDirectory: dataDir, masking } = await dataPlace(context, options);
      return answer(context, question, { ...options, dataDir, ...(masking && { masking }) });
    });
}

function parseRows(text: string): number {
  const rows = Number(text);
  if (Number.isInteger(rows) && rows > 0 && rows <= 1_000_000_000) return rows;
  throw new Fault(`${text} is no number of rows`, { code: 'E_USAGE_LIMIT', remedy: 'Give a whole number from 1 on.' });
}
