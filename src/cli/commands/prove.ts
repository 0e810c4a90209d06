import { Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import { type DataPlaceOptions, dataPlace, withDataPlace } from '../data-place.ts';
import type { CliContext } from '../output.ts';

export interface ProveOptions extends DataPlaceOptions {
  readonly export?: string;
  readonly file: string;
  readonly line?: number;
  readonly from?: string;
  readonly checkpoint?: string;
  readonly out?: string;
}

/** `auditveil prove`: what a person can show of a log without the log. */
export function proveCommand(context: CliContext): Command {
  const command = new Command('prove')
    .summary('prove that one record stands in a log, one line in an export, or that a log grew')
    .description(
      'Writes a proof that stands for itself: `auditveil verify PROOF --pubkey KEY` checks it without the log. Of a record it holds its block (up to 64 KiB of masked records), the hashes up to a signed digest and on to a checkpoint; of a line of an export the hundred lines it stands among, and the signed manifest; with --from that everything a checkpoint saw is still part of the log.',
    )
    .argument('[id]', 'digest or audit ID of an event, or id of a finding; in an export: a text of the line');
  return withDataPlace(command, 'its data folder and signing key are used')
    .addOption(new Option('--export <folder>', 'prove a line of this export'))
    .addOption(new Option('--file <name>', 'file of the export').default('events.jsonl'))
    .addOption(new Option('--line <number>', 'line of the file, from 1').argParser(parseLine))
    .addOption(new Option('--from <file>', 'an earlier checkpoint: prove that the log goes on from it'))
    .addOption(
      new Option(
        '--checkpoint <file>',
        'a checkpoint that the proof leads to, for example one that was published (default: a new one)',
      ),
    )
    .addOption(new Option('--signing-key <file>', 'key of the agent (default: signing.pem in the data folder)'))
    .addOption(new Option('--out <file>', 'where to; must not exist (default: standard output)'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil prove 5f0c9d6e-6a52-4f0b-9a3f-2f1f6a4c1c0d --data-dir /var/lib/auditveil/data --out proof.json',
    )
    .action((id: string | undefined, options: ProveOptions) => prove(context, id, options));
}

function parseLine(text: string): number {
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a number from 1.');
}

async function prove(context: CliContext, id: string | undefined, given: ProveOptions): Promise<void> {
  const asked = [id, given.line, given.from].filter((one) => one !== undefined);
  if (asked.length !== 1 || (given.line !== undefined && given.export === undefined))
    throw new Fault('it must be said what is to be proven', {
      code: 'E_USAGE_PROVE',
      remedy: 'Give the id of a record, --export with --line or a text of it, or --from with an earlier checkpoint.',
    });
  const { dataDirectory: dataDir, signingKey } = await dataPlace(context, given);
  const options = { ...given, dataDir, signingKey };
  const { growthProof, lineProof, recordProof } = await import('../make-proof.ts');
  const proof =
    options.export !== undefined
      ? await lineProof(options.export, options.file, options.line ?? id ?? '')
      : id === undefined
        ? await growthProof(options)
        : await recordProof(context, id, options);
  const text = `${JSON.stringify(proof, undefined, 2)}\n`;
  if (options.out === undefined) return context.output.write(text);
  const { writeNewFile } = await import('../write-new-file.ts');
  await writeNewFile(options.out, text, 0o600);
  await context.output.line(`${options.out}: check it with \`auditveil verify ${options.out} --pubkey KEY\``);
}
