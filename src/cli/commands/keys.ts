import { Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import { keyOption, parseDurationMs, parseTimeMs } from '../command-options.ts';
import { checkNoting, type KeyPlaceOptions, keyPlace, noteAt, placeOptions } from '../key-place.ts';
import { signingCommand } from '../keys-signing.ts';
import type { CliContext } from '../output.ts';

interface RotateOptions extends KeyPlaceOptions {
  readonly at?: number;
  readonly overlap: number;
}

/** How long an epoch is kept at least after the next has taken over: searches about last week's events are common. */
const defaultOverlapMs = 7 * 86_400_000;

/** `auditveil keys`: the key file behind pseudonyms. */
export function keysCommand(context: CliContext): Command {
  const keys = new Command('keys')
    .summary('make, list, rotate and destroy the keys behind pseudonyms, and those that sign')
    .description(
      'One value has one pseudonym under one key. Agents that should agree use the same key file. docs/keys.md tells the life of a key.',
    )
    .addHelpText('after', '\nExample:\n  auditveil keys init --key /var/lib/auditveil/keys.json --group production');
  const add = (usage: string, summary: string, description: string, example: string): Command => {
    const command = keys.command(usage).summary(summary).description(description).addOption(keyOption());
    return command.addHelpText('after', `\nExample:\n  ${example}`);
  };
  add(
    'init',
    'make a key file',
    'Makes a key file with one random key, readable by you only. A file that exists is never touched.',
    'auditveil keys init --key /var/lib/auditveil/keys.json --group production',
  )
    .option('--group <name>', 'cluster group: agents of one group share pseudonyms', 'local')
    .action((options: { readonly key?: string; readonly group: string }) => init(context, options));
  add(
    'list',
    'list keys, without the keys themselves',
    'Shows each epoch of a key file: since when its key makes pseudonyms, where it stands, and a fingerprint by which two files can be compared.',
    'auditveil keys list --json',
  )
    .option('--json', 'as JSON lines')
    .addOption(placeOptions()[0] as Option)
    .action((options: KeyPlaceOptions & { readonly json?: boolean }) => list(context, options));
  addRotate(context, add);
  addHolds(context, add);
  addDestroy(context, add);
  keys.addCommand(signingCommand(context));
  return keys;
}

type Add = (usage: string, summary: string, description: string, example: string) => Command;

function withPlace(command: Command): Command {
  for (const option of placeOptions()) command.addOption(option);
  return command;
}

function addRotate(context: CliContext, add: Add): void {
  withPlace(
    add(
      'rotate',
      'let a new key take over',
      'Adds a random key that makes the pseudonyms from a time on. Agents that run take it up by themselves once their file has it: bring the file to all of them before that time. The key before it stays, to look up values, at least for the overlap.',
      'auditveil keys rotate --at 2026-06-01T00:00:00Z --overlap 30d --config /etc/auditveil/config.yaml',
    ),
  )
    .addOption(new Option('--at <time>', 'when it takes over: 2h, 3d, or an RFC 3339 time (default: now)').argParser(parseAhead))
    .addOption(
      new Option('--overlap <duration>', 'how long after that the key before it cannot be destroyed')
        .argParser(parseDurationMs)
        .default(defaultOverlapMs, '7d'),
    )
    .action((options: RotateOptions) => rotate(context, options));
}

function parseAhead(text: string): number {
  const timeMs = parseTimeMs(text, Date.now(), 1);
  if (timeMs === undefined) throw new InvalidArgumentError('Write 2h, 3d, or a time such as 2026-06-01T00:00:00Z.');
  return timeMs;
}

function addHolds(context: CliContext, add: Add): void {
  withPlace(
    add(
      'hold',
      'keep an epoch from being destroyed',
      'Notes in the key file that an epoch is needed, for example for a case. While it has a hold its key cannot be destroyed.',
      'auditveil keys hold k1 case-2026-17',
    ),
  )
    .argument('<epoch>', 'id of the epoch')
    .argument('<name>', 'name of the hold')
    .action((epoch: string, name: string, options: KeyPlaceOptions) => hold(context, epoch, name, options, true));
  withPlace(add('release', 'end a hold', 'Ends a hold on an epoch.', 'auditveil keys release k1 case-2026-17'))
    .argument('<epoch>', 'id of the epoch')
    .argument('<name>', 'name of the hold')
    .action((epoch: string, name: string, options: KeyPlaceOptions) => hold(context, epoch, name, options, false));
}

function addDestroy(context: CliContext, add: Add): void {
  withPlace(
    add(
      'destroy',
      'destroy the key of an epoch',
      'Removes the key of an epoch from the key file: from this file, its pseudonyms can no longer be computed from a candidate value. Refused while the epoch is in use, overlaps the next, has a hold, or a sink has records of it still to pass on. Leaves a signed certificate. Cannot be undone.',
      'auditveil keys destroy k1 --config /etc/auditveil/config.yaml',
    ),
  )
    .argument('<epoch>', 'id of the epoch')
    .option('--certificate <file>', 'where the certificate goes (default: beside the key file)')
    .action(async (epoch: string, options: KeyPlaceOptions & { readonly certificate?: string }) => {
      const { destroyKey } = await import('../destroy-key.ts');
      await destroyKey(context, epoch, options);
    });
  add(
    'verify-certificate',
    'check the certificate of a destroyed key',
    'Checks the signature of a certificate. Exit code 4 where it does not hold.',
    'auditveil keys verify-certificate keys.json.destroyed-k1.json --public-key signing.pub.pem',
  )
    .argument('<file>', 'certificate')
    .option('--public-key <file>', 'public key in PEM (default: signing.pub.pem beside the certificate)')
    .action(async (file: string, options: { readonly publicKey?: string }) => {
      const { verifyKeyCertificate } = await import('../destroy-key.ts');
      await verifyKeyCertificate(context, file, options);
    });
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

async function list(context: CliContext, options: KeyPlaceOptions & { readonly json?: boolean }): Promise<void> {
  const [{ loadKeyRing }, { table }] = await Promise.all([import('../../crypto/key-ring-file.ts'), import('../table.ts')]);
  const place = await keyPlace(context, options);
  const ring = await loadKeyRing(place.file, place);
  const keys = ring.list(Date.now());
  if (options.json) {
    const lines = keys.map((entry) => `${JSON.stringify({ ...entry, clusterGroup: ring.clusterGroup })}\n`);
    await context.output.write(lines.join(''));
    return;
  }
  const rows = keys.map((entry) => [
    entry.id,
    entry.status,
    ring.clusterGroup,
    entry.from,
    entry.overlapUntil ?? '',
    entry.fingerprint,
    entry.holds.map((one) => one.name).join(', '),
  ]);
  const head = ['ID', 'STATUS', 'GROUP', 'FROM', 'OVERLAP UNTIL', 'FINGERPRINT', 'HOLDS'];
  await context.output.line(table([head, ...rows], Math.max(context.output.tableColumns, 120)));
}

async function rotate(context: CliContext, options: RotateOptions): Promise<void> {
  const [{ changeKeyFile }, { rotated }, { systemRandom }] = await Promise.all([
    import('../../crypto/change-key-file.ts'),
    import('../../crypto/change-keys.ts'),
    import('../../crypto/random.ts'),
  ]);
  const place = await keyPlace(context, options);
  await checkNoting(place);
  const ring = await changeKeyFile(place.file, place, (current) => {
    const nowMs = Date.now();
    return rotated(current, { key: systemRandom(32), nowMs, fromMs: options.at ?? nowMs, overlapMs: options.overlap });
  });
  const [before, next] = ring.epochs.slice(-2);
  await noteAt(place, 'key-rotated', {
    epoch: next?.id,
    fingerprint: next?.fingerprint,
    from: next?.from,
    clusterGroup: ring.clusterGroup,
  });
  await context.output.line(
    `epoch ${next?.id ?? ''} from ${next?.from ?? ''}; ${before?.id ?? ''} stays at least until ${before?.overlapUntil ?? ''}`,
  );
  context.output.note(`auditveil: bring ${place.file} to every agent of the group ${ring.clusterGroup} by then`);
}

async function hold(context: CliContext, epoch: string, name: string, options: KeyPlaceOptions, isNew: boolean): Promise<void> {
  const [{ changeKeyFile }, { withHold }, { holdName }] = await Promise.all([
    import('../../crypto/change-key-file.ts'),
    import('../../crypto/change-keys.ts'),
    import('../../crypto/key-file-shape.ts'),
  ]);
  if (!holdName.test(name)) {
    throw new Fault('a hold is named with up to 63 letters, digits, dots, dashes and underscores', {
      code: 'E_USAGE_HOLD',
      remedy: 'Choose another name.',
    });
  }
  const place = await keyPlace(context, options);
  await checkNoting(place);
  const since = isNew ? new Date().toISOString() : undefined;
  await changeKeyFile(place.file, place, (ring) => withHold(ring, epoch, name, since));
  await noteAt(place, isNew ? 'key-held' : 'key-released', { epoch, hold: name });
  await context.output.line(`epoch ${epoch} is ${isNew ? 'held' : 'no longer held'} by ${name}`);
}
