import { Command, Option } from 'commander';
import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import type { KeyRing } from '../../crypto/key-ring.ts';
import { keyOption } from '../command-options.ts';
import { type KeyPlaceOptions, keyPlace, noteAt, placeOptions } from '../key-place.ts';
import type { CliContext } from '../output.ts';

interface PseudonymOptions extends KeyPlaceOptions {
  readonly kind?: string;
  readonly epoch?: string;
  readonly json?: boolean;
}

interface Row {
  readonly value: string;
  readonly kind: string;
  readonly epoch: string;
  readonly pseudonym: string;
}

/** Pseudonyms a note names at most: it says what was looked up, it is no copy of a list. */
const notedPseudonyms = 100;

/** `auditveil pseudonym`: how a known value looks in masked events. */
export function pseudonymCommand(context: CliContext): Command {
  const command = new Command('pseudonym')
    .summary("give a known value's pseudonyms, to search for it")
    .description(
      'Shows the pseudonym a value has under each kind it could have (an address, a user name, an e-mail address …), so that a suspect can be searched for in masked events. Needs the key. Shows those of the epoch in use and of epochs that overlap it.',
    )
    .argument('<values...>', 'values in clear; they stay on this machine')
    .addOption(new Option('--kind <kind>', 'only as this kind'))
    .addOption(new Option('--epoch <id|all>', 'only under this epoch, or under all that still have a key'))
    .addOption(keyOption());
  for (const option of placeOptions()) command.addOption(option);
  return command
    .addOption(new Option('--json', 'as JSON lines'))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil pseudonym 203.0.113.7 alice@example.com\n  auditveil pseudonym alice --kind user --epoch k1 --config /etc/auditveil/config.yaml',
    )
    .action((values: readonly string[], options: PseudonymOptions) => pseudonym(context, values, options));
}

async function pseudonym(context: CliContext, values: readonly string[], options: PseudonymOptions): Promise<void> {
  const [{ loadKeyRing }, { loadPacks }, { shippedPacks }, { table }] = await Promise.all([
    import('../../crypto/key-ring-file.ts'),
    import('../../masking/load-pack.ts'),
    import('../../pipeline/load-files.ts'),
    import('../table.ts'),
  ]);
  const place = await keyPlace(context, options);
  const ring = await loadKeyRing(place.file, place);
  const forms = new Map<string, 'token' | 'address'>();
  for (const pack of loadPacks(await shippedPacks())) {
    for (const rule of pack.rules)
      if (rule.action === 'pseudonymise') forms.set(rule.kind, rule.pseudonym === 'token' ? 'token' : 'address');
  }
  const kinds = [...forms.keys()].sort();
  if (options.kind !== undefined && !forms.has(options.kind)) {
    throw new Fault(`no kind \`${options.kind}\` is pseudonymised`, {
      code: 'E_USAGE_KIND',
      remedy: didYouMean(options.kind, kinds),
    });
  }
  const wanted = options.kind === undefined ? kinds : [options.kind];
  const rows: Row[] = [];
  for (const epoch of epochsOf(ring, options.epoch)) rows.push(...(await rowsOf(ring.of(epoch), values, wanted, forms)));
  // First the note, then the answer: nobody looks a person up unnoticed.
  await noteAt(place, 'pseudonym-looked-up', {
    values: values.length,
    kinds: [...new Set(rows.map((row) => row.kind))],
    epochs: [...new Set(rows.map((row) => row.epoch))],
    pseudonyms: rows.slice(0, notedPseudonyms).map((row) => row.pseudonym),
  });
  if (options.json) await context.output.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  else {
    const lines = rows.map((row) => [row.value, row.kind, row.epoch, row.pseudonym]);
    await context.output.line(table([['VALUE', 'KIND', 'EPOCH', 'PSEUDONYM'], ...lines], context.output.tableColumns));
  }
}

/** @throws Fault E_USAGE_EPOCH, E_KEY_DESTROYED where the one named has no key */
function epochsOf(ring: KeyRing, wanted: string | undefined): readonly string[] {
  if (wanted !== undefined && wanted !== 'all') return [ring.of(wanted).keyId];
  const all = ring.list(Date.now()).filter(({ status }) => status !== 'destroyed');
  return all.filter(({ status }) => wanted === 'all' || status === 'active' || status === 'overlap').map(({ id }) => id);
}

async function rowsOf(
  ring: KeyRing,
  values: readonly string[],
  kinds: readonly string[],
  forms: ReadonlyMap<string, 'token' | 'address'>,
): Promise<readonly Row[]> {
  const { AddressPseudonymiser, TokenPseudonymiser } = await import('../../masking/pseudonym.ts');
  const addresses = new AddressPseudonymiser(ring);
  return values.flatMap((value) =>
    kinds.flatMap((kind): readonly Row[] => {
      const found =
        forms.get(kind) === 'address' ? addresses.pseudonym(value) : new TokenPseudonymiser(ring, kind).pseudonym(value);
      return found === undefined ? [] : [{ value, kind, epoch: ring.keyId, pseudonym: found }];
    }),
  );
}
