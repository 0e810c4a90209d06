import { Command, Option } from 'commander';
import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import { keyOption } from '../command-options.ts';
import type { CliContext } from '../output.ts';

interface PseudonymOptions {
  readonly kind?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** `auditveil pseudonym`: how a known value looks in masked events. */
export function pseudonymCommand(context: CliContext): Command {
  return new Command('pseudonym')
    .summary("give a known value's pseudonyms, to search for it")
    .description(
      'Shows the pseudonym a value has under each kind it could have (an address, a user name, an e-mail address …), so that a suspect can be searched for in masked events. Needs the key.',
    )
    .argument('<values...>', 'values in clear; they stay on this machine')
    .addOption(new Option('--kind <kind>', 'only as this kind'))
    .addOption(keyOption())
    .addOption(new Option('--json', 'as JSON lines'))
    .addHelpText('after', '\nExample:\n  auditveil pseudonym 203.0.113.7 alice@example.com')
    .action((values: readonly string[], options: PseudonymOptions) => pseudonym(context, values, options));
}

async function pseudonym(context: CliContext, values: readonly string[], options: PseudonymOptions): Promise<void> {
  const [
    { defaultKeyFile, loadKeyRing },
    { loadPacks },
    { shippedPacks },
    { AddressPseudonymiser, TokenPseudonymiser },
    { table },
  ] = await Promise.all([
    import('../../crypto/key-ring-file.ts'),
    import('../../masking/load-pack.ts'),
    import('../../pipeline/load-files.ts'),
    import('../../masking/pseudonym.ts'),
    import('../table.ts'),
  ]);
  const ring = await loadKeyRing(options.key ?? defaultKeyFile(context.env));
  const forms = new Map<string, 'token' | 'address'>();
  for (const pack of loadPacks(await shippedPacks())) {
    for (const rule of pack.rules) if (rule.action === 'pseudonymise') forms.set(rule.kind, rule.pseudonym === 'token' ? 'token' : 'address');
  }
  const kinds = [...forms.keys()].sort();
  if (options.kind !== undefined && !forms.has(options.kind)) {
    throw new Fault(`no kind \`${options.kind}\` is pseudonymised`, {
      code: 'E_USAGE_KIND',
      remedy: didYouMean(options.kind, kinds),
    });
  }
  const addresses = new AddressPseudonymiser(ring);
  const rows: { value: string; kind: string; pseudonym: string }[] = [];
  for (const value of values) {
    for (const kind of options.kind === undefined ? kinds : [options.kind]) {
      const found =
        forms.get(kind) === 'address' ? addresses.pseudonym(value) : new TokenPseudonymiser(ring, kind).pseudonym(value);
      if (found !== undefined) rows.push({ value, kind, pseudonym: found });
    }
  }
  if (options.json) await context.output.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  else
    await context.output.line(
      table([['VALUE', 'KIND', 'PSEUDONYM'], ...rows.map((row) => [row.value, row.kind, row.pseudonym])], context.output.columns),
    );
}
