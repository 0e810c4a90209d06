import { Command, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import type { CliContext } from '../output.ts';

export interface UnmaskOptions {
  readonly dataDir: string;
  readonly identity?: string;
  readonly request?: string;
  readonly json?: boolean;
}

export interface RequestOptions {
  readonly reason: string;
  readonly out: string;
}

export interface ApproveOptions {
  readonly signingKey: string;
  readonly out: string;
}

/** `auditveil unmask`: originals of pseudonyms, by two people. */
export function unmaskCommand(context: CliContext): Command {
  const unmask = new Command('unmask')
    .summary('see the originals of pseudonyms: a reason, two people, and a finding about it')
    .description(
      'Where an agent has a vault (docs/unmasking.md), originals of users, addresses and e-mail addresses are sealed to the public key of the incident team. Whoever has its private key sees them with a request that a second person has approved. Every use is a note and a finding. Secrets are never in the vault.',
    )
    .argument('[pseudonym...]', 'those of the request where none is named')
    .addOption(new Option('--data-dir <folder>', 'data folder of the agent, or a copy of it').default('auditveil-data'))
    .addOption(new Option('--identity <file>', 'private key of age'))
    .addOption(new Option('--request <file>', 'request that was approved'))
    .option('--json', 'as JSON lines')
    .addHelpText(
      'after',
      '\nExample:\n  auditveil unmask --identity team.key --request approved.json --data-dir /var/lib/auditveil/data',
    )
    .action(async (pseudonyms: readonly string[], options: UnmaskOptions) =>
      (await import('../unmask-actions.ts')).unmaskValues(context, pseudonyms, options),
    );
  unmask
    .command('request')
    .summary('ask to see originals')
    .description('Writes a request with a reason, good for a day once it is approved. Secrets in the reason are masked.')
    .argument('<pseudonym...>')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--out <file>', 'where to; must not exist')
    .addHelpText(
      'after',
      "\nExample:\n  auditveil unmask request '[MASKED:user:k1:0123456789abcdef]' --reason 'INC-17: token used from abroad' --out request.json",
    )
    .action(async (pseudonyms: readonly string[], options: RequestOptions) => {
      if (options.reason.trim() === '')
        throw new Fault('the reason is empty', {
          code: 'E_USAGE_REASON',
          remedy: 'Say why, for whoever approves and for the audit.',
        });
      await (await import('../unmask-actions.ts')).requestUnmask(context, pseudonyms, options);
    });
  unmask
    .command('approve')
    .summary('approve the request of somebody else')
    .description(
      'Signs a request with the Ed25519 key of a person whose public key stands in `vault.approversFile` of the agent.',
    )
    .argument('<file>', 'request')
    .requiredOption('--signing-key <file>', 'own key; make one with `auditveil keys signing init --signing-key FILE`')
    .requiredOption('--out <file>', 'where to; must not exist')
    .addHelpText('after', '\nExample:\n  auditveil unmask approve request.json --signing-key approver.pem --out approved.json')
    .action(async (file: string, options: ApproveOptions) =>
      (await import('../unmask-actions.ts')).approveUnmask(context, file, options),
    );
  return unmask;
}
