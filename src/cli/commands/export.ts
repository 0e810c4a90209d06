import { Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import { defaultFormats, type ExportFormat, exportFormats } from '../../export/export-formats.ts';
import type { Framework } from '../../export/frameworks.ts';
import { parseSince } from '../command-options.ts';
import { type DataPlaceOptions, dataPlace, withDataPlace } from '../data-place.ts';
import type { CliContext } from '../output.ts';

interface ExportCommandOptions extends DataPlaceOptions {
  readonly out: string;
  readonly since?: number;
  readonly until?: number;
  readonly framework?: Framework;
  readonly format: readonly ExportFormat[];
}

/** `auditveil export`: masked logs for an auditor, signed. */
export function exportCommand(context: CliContext): Command {
  const command = new Command('export')
    .summary('write masked events and findings for an auditor, signed')
    .description(
      'Writes what the logs in a data folder hold of a time into a new folder: events and findings as JSON lines and as CSV, notes about the use of this program, a report to read and print, and a signed manifest with the query, counts that add up, policies, key epochs, rules, gaps and sums of all files. Exporting is noted in the findings log. `auditveil verify FOLDER` checks it. The agent may run or not.',
    );
  return withDataPlace(command, 'its data folder and signing key are used')
    .addOption(new Option('--out <folder>', 'where to; must not exist').makeOptionMandatory())
    .addOption(
      new Option('--since <time>', 'received since then: 2h, 7d, or an RFC 3339 time (default: everything)').argParser(
        (text: string) => parseSince(text, Date.now()),
      ),
    )
    .addOption(
      new Option('--until <time>', 'received before then: 2h (ago), 7d, or an RFC 3339 time (default: now)').argParser(
        (text: string) => parseSince(text, Date.now()),
      ),
    )
    .addOption(
      new Option('--framework <name>', 'say in the report what it answers').choices(['pci', 'soc2', 'hipaa', 'iso27001', 'nist']),
    )
    .addOption(
      new Option(
        '--format <format,…>',
        'of the events and tables: jsonl, csv, parquet; ocsf writes findings as OCSF too. Findings, notes, reviews and accesses are always there as JSON lines',
      )
        .argParser(parseFormats)
        .default(defaultFormats, defaultFormats.join(',')),
    )
    .addOption(new Option('--signing-key <file>', 'key to sign with (default: signing.pem in the data folder)'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil export --data-dir /var/lib/auditveil/data --since 30d --framework pci --out audit-2026-11',
    )
    .action((options: ExportCommandOptions) => exportLogs(context, options));
}

function parseFormats(text: string): readonly ExportFormat[] {
  const named = text.split(',').map((name) => name.trim());
  const formats = exportFormats.filter((format) => named.includes(format));
  if (formats.length === new Set(named).size) return formats;
  throw new InvalidArgumentError(`Allowed are ${exportFormats.join(', ')}, with commas between them.`);
}

async function exportLogs(context: CliContext, options: ExportCommandOptions): Promise<void> {
  const { out, since: sinceMs, until: untilMs, framework, format: formats } = options;
  if (sinceMs !== undefined && untilMs !== undefined && untilMs <= sinceMs)
    throw new Fault('--until is not after --since', {
      code: 'E_USAGE_TIME',
      remedy: 'Give a later end or an earlier beginning.',
    });
  const [{ writeExport }, { agentSigningKey }, { packageVersion }, { checkNoting, noteAt, whoRuns }] = await Promise.all([
    import('../../export/write-export.ts'),
    import('../proof-store.ts'),
    import('../../pipeline/load-files.ts'),
    import('../key-place.ts'),
  ]);
  const { dataDirectory, signingKey } = await dataPlace(context, options);
  const place = { dataDirectories: [dataDirectory] };
  await checkNoting(place);
  const kept = await keptIn(dataDirectory);
  const key = await agentSigningKey(dataDirectory, signingKey);
  const { uid, name } = whoRuns();
  const { output } = context;
  const manifest = await writeExport({
    ...{
      dataDirectory,
      out,
      sinceMs,
      untilMs,
      framework,
      formats,
      ...kept,
      key,
      nowMs: Date.now(),
      signal: context.stop,
    },
    tool: { name: 'auditveil', version: await packageVersion() },
    by: name ?? String(uid ?? 'unknown'),
    progress: (records) => output.progress(`${records} records`),
  });
  output.progress(undefined);
  const { eventsExported, findingsExported, notesExported } = manifest.counts;
  await noteAt(place, 'exported', {
    query: manifest.query,
    events: eventsExported,
    findings: findingsExported,
  });
  await output.line(
    `${out}: ${eventsExported} events, ${findingsExported} findings, ${notesExported} notes; check it with \`auditveil verify\``,
  );
  if (eventsExported + findingsExported === 0) output.note('auditveil: the logs have nothing that was received in that time');
}

/** What keeps records of a data folder from being deleted, and for how long. */
async function keptIn(dataDir: string) {
  const [{ readHolds }, { readRetention }] = await Promise.all([
    import('../../store/legal-holds.ts'),
    import('../../log/retention-file.ts'),
  ]);
  const { holds, unreadable } = await readHolds(dataDir);
  const readable = holds.map(({ case: name, since, until, created, by }) => ({ name, since, until, created, by }));
  // A hold that cannot be read holds everything: the agent takes it so.
  const others = unreadable.map(() => ({ name: 'a hold that cannot be read' }));
  return { holds: [...readable, ...others], retention: await readRetention(dataDir) };
}
