import { Command } from 'commander';
import { enableOption, keyOption, packOption, policyOption } from '../command-options.ts';
import type { CliContext } from '../output.ts';

interface MaskOptions {
  readonly policy: string;
  readonly pack?: readonly string[];
  readonly enable: readonly string[];
  readonly key?: string;
}

/** `auditveil mask`: one line in, one line out. */
export function maskCommand(context: CliContext): Command {
  return new Command('mask')
    .summary('mask audit events: one line in, one line out')
    .description(
      'Masks secrets, personal data and addresses in audit events and writes them in the same order. Lists and wrappers keep their shape, a document over several lines comes back as that document. What cannot be masked safely becomes a stub line without content; stubs are counted on standard error.',
    )
    .argument('[files...]', 'JSON lines, EventLists or documents, plain or gzip; `-` or nothing for standard input')
    .addOption(policyOption())
    .addOption(enableOption())
    .addOption(packOption())
    .addOption(keyOption())
    .addHelpText(
      'after',
      '\nExample:\n  auditveil mask /var/log/kubernetes/audit/audit.log > safe.jsonl\n  kubectl get --raw /some/audit/export | auditveil mask --policy strict',
    )
    .action((files: readonly string[], options: MaskOptions) => mask(context, files, options));
}

async function mask(context: CliContext, files: readonly string[], options: MaskOptions): Promise<void> {
  const [{ userKeyRing }, { openEngine }, { describeStubs, inspectInputs }, { MaskedWriter }] = await Promise.all([
    import('../user-key.ts'),
    import('../../pipeline/open-engine.ts'),
    import('../inspect-inputs.ts'),
    import('../masked-writer.ts'),
  ]);
  const keyRing = await userKeyRing(context, options.key);
  const engine = await openEngine({ policy: options.policy, enable: options.enable, packs: options.pack ?? [], keyRing });
  const writer = new MaskedWriter(context.output);
  const tally = await inspectInputs(context, engine, {
    files,
    lists: 'whole',
    cluster: '',
    nowMs: Date.now,
    use: (tile) => writer.write(tile),
  });
  const stubs = describeStubs(tally);
  if (stubs) context.output.note(stubs);
}
