import { Command } from 'commander';
import { Fault } from '../../core/faults.ts';
import { keyOption } from '../command-options.ts';
import type { CliContext } from '../output.ts';

/** `auditveil keys`: the key file behind pseudonyms. */
export function keysCommand(context: CliContext): Command {
  const keys = new Command('keys')
    .summary('make and list the keys behind pseudonyms')
    .description('One value has one pseudonym under one key. Agents that should agree use the same key file.')
    .addHelpText('after', '\nExample:\n  auditveil keys init --key /var/lib/auditveil/keys.json --group production');
  keys
    .command('init')
    .summary('make a key file')
    .description('Makes a key file with one random key, readable by you only. A file that exists is never touched.')
    .addOption(keyOption())
    .option('--group <name>', 'cluster group: agents of one group share pseudonyms', 'local')
    .addHelpText('after', '\nExample:\n  auditveil keys init --key /var/lib/auditveil/keys.json --group production')
    .action((options: { readonly key?: string; readonly group: string }) => init(context, options));
  keys
    .command('list')
    .summary('list keys, without the keys themselves')
    .description('Shows id, creation time and state of each key in a key file.')
    .addOption(keyOption())
    .option('--json', 'as JSON lines')
    .addHelpText('after', '\nExample:\n  auditveil keys list --json')
    .action((options: { readonly key?: string; readonly json?: boolean }) => list(context, options));
  return keys;
}

async function init(context: CliContext, { key, group }: { readonly key?: string; readonly group: string }): Promise<void> {
  const { createKeyFile, defaultKeyFile } = await import('../../crypto/key-ring-file.ts');
  if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(group)) {
    throw new Fault('a group is 1 to 63 lower-case letters, digits, dots and dashes', {
      code: 'E_USAGE_GROUP',
      remedy: 'Choose another name.',
    });
  }
  const file = key ?? defaultKeyFile(context.env);
  if (!(await createKeyFile(file, { created: new Date().toISOString(), clusterGroup: group }))) {
    throw new Fault(`${file} exists already`, {
      code: 'E_KEY_EXISTS',
      remedy: 'Name another file with --key; a lost key cannot be made again, so none is overwritten.',
    });
  }
  await context.output.line(`made ${file}`);
}

async function list(context: CliContext, { key, json }: { readonly key?: string; readonly json?: boolean }): Promise<void> {
  const [{ defaultKeyFile, loadKeyRing }, { table }] = await Promise.all([
    import('../../crypto/key-ring-file.ts'),
    import('../table.ts'),
  ]);
  const ring = await loadKeyRing(key ?? defaultKeyFile(context.env));
  const keys = ring.list(Date.now());
  if (json)
    await context.output.write(
      keys.map((entry) => `${JSON.stringify({ ...entry, clusterGroup: ring.clusterGroup })}\n`).join(''),
    );
  else
    await context.output.line(
      table(
        [
          ['ID', 'STATUS', 'GROUP', 'CREATED'],
          ...keys.map((entry) => [entry.id, entry.status, ring.clusterGroup, entry.created]),
        ],
        context.output.columns,
      ),
    );
}
