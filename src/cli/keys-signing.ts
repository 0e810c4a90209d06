import { Command, Option } from 'commander';
import { type DataPlaceOptions, dataPlace, withDataPlace } from './data-place.ts';
import type { CliContext } from './output.ts';

interface PinOptions {
  readonly file?: string;
  readonly id?: string;
}

/** `auditveil keys signing`: the key that signs digests, checkpoints and exports. */
export function signingCommand(context: CliContext): Command {
  const signing = new Command('signing')
    .summary('make, list, rotate and pin the keys that sign digests and exports')
    .description('An agent signs with a key of its own what its logs hold. docs/proof.md tells the life of that key.')
    .addHelpText('after', '\nExample:\n  auditveil keys signing list --data-dir /var/lib/auditveil/data');
  const add = (usage: string, summary: string, description: string, example: string): Command =>
    signing.command(usage).summary(summary).description(description).addHelpText('after', `\nExample:\n  ${example}`);
  withPlace(
    add(
      'init',
      'make the key before an agent does',
      'Makes the key and its public half beside it, to be handed to whoever verifies before the first event comes. One that exists is never touched.',
      'auditveil keys signing init --data-dir /var/lib/auditveil/data',
    ),
  ).action(async (options: DataPlaceOptions) => (await actions()).initSigning(context, await dataPlace(context, options)));
  withPlace(
    add(
      'list',
      'which keys signed which digests',
      'Shows for each log from which digest on which key signs, and whether the key before introduced it.',
      'auditveil keys signing list --config /etc/auditveil/config.yaml',
    ),
  )
    .option('--json', 'as JSON lines')
    .action(async (options: DataPlaceOptions & { readonly json?: boolean }) =>
      (await actions()).listSigning(context, await dataPlace(context, options), options.json === true),
    );
  withPlace(
    add(
      'rotate',
      'let a new key take over',
      'Makes a new key; the one before signs in both logs that it takes over, then it is gone. Who trusts the first key need not be told: `auditveil verify` follows. An agent that runs takes the key up within seconds; where none runs it is done at once.',
      'auditveil keys signing rotate --config /etc/auditveil/config.yaml',
    ),
  ).action(async (options: DataPlaceOptions) => (await actions()).rotateSigning(context, await dataPlace(context, options)));
  add(
    'pin',
    'trust a public key from now on',
    'Adds a public key to the file of keys that `auditveil verify` trusts where none is named. Compare its id with the one that the owner of the agent reads to you, or give it with --id.',
    'auditveil keys signing pin signing.pub.pem --id 5d0c4d1b2f3a4e5f60718293a4b5c6d7',
  )
    .argument('<file>', 'public key, PEM')
    .addOption(new Option('--file <file>', 'file of trusted keys (default: the one in your state folder)'))
    .addOption(new Option('--id <id>', 'refuse another key than this'))
    .action(async (file: string, options: PinOptions) => (await actions()).pinSigning(context, file, options));
  return signing;
}

const actions = () => import('./signing-actions.ts');

function withPlace(command: Command): Command {
  return withDataPlace(command, 'its data folder and key are used').addOption(
    new Option('--signing-key <file>', 'the key (default: signing.pem in the data folder)'),
  );
}
