import { resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import { type WiringKind, wiringKinds } from '../../wiring/agent-config.ts';
import { type DistroId, distroIds, distros } from '../../wiring/distros.ts';
import { repeatable } from '../command-options.ts';
import { initPolicyCommand } from '../init-policy.ts';
import type { CliContext } from '../output.ts';

interface InitOptions {
  readonly distro: DistroId;
  readonly out: string;
  readonly cluster: string;
  readonly dataDir?: string;
  readonly server?: string;
  readonly listen?: string;
  readonly name?: readonly string[];
  readonly auditLog?: string;
  readonly force?: boolean;
  readonly renew?: boolean;
}

/** `auditveil init`: everything kube-apiserver and the agent need to find each other. */
export function initCommand(context: CliContext): Command {
  return new Command('init')
    .summary('write configuration, audit policy and certificates for a cluster')
    .description(
      'Writes a folder with the configuration of the agent, an audit policy, and for a webhook the certificates of both sides and the file kube-apiserver finds the agent by; then says which flags and mounts kube-apiserver needs. Files that are there are kept. docs/wiring.md leads through it.',
    )
    .addArgument(
      new Argument('<kind>', 'webhook: kube-apiserver sends events over HTTPS; file: it writes a log that is followed').choices(
        wiringKinds,
      ),
    )
    .addOption(new Option('--distro <distro>', 'how kube-apiserver was set up').choices(distroIds).default('generic'))
    .addOption(new Option('--out <folder>', 'folder to write').default('auditveil'))
    .addOption(new Option('--data-dir <folder>', 'where the agent keeps its log and findings (default: in that folder)'))
    .addOption(new Option('--cluster <name>', 'name of the cluster in every record').argParser(parseName).default('local'))
    .addOption(
      new Option('--server <host:port>', 'where kube-apiserver reaches the receiver (default: by distro)').argParser(parseServer),
    )
    .addOption(
      new Option('--listen <address:port>', 'where the receiver listens (default: --server on this machine)').argParser(
        parseServer,
      ),
    )
    .addOption(
      repeatable(new Option('--name <host|address>', "further name in the receiver's certificate; may be given several times")),
    )
    .addOption(new Option('--audit-log <path>', 'audit log on the node (default: by distro)'))
    .option('--force', 'write files that are there once more, with new certificates; the key for pseudonyms stays')
    .option('--renew', 'only new certificates for receiver and kube-apiserver, from the authority that is there')
    .addHelpText(
      'after',
      '\nExample:\n  auditveil init webhook --distro kubeadm --out /etc/auditveil --cluster production\n  auditveil init file --distro k3s --out /etc/auditveil',
    )
    .action((kind: WiringKind, options: InitOptions) => init(context, kind, options))
    .addCommand(initPolicyCommand(context));
}

function parseServer(text: string): string {
  const parts = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9.-]+):(\d{1,5})$/.exec(text);
  if (!parts || Number(parts[2]) > 65_535) throw new InvalidArgumentError('Write host:port, for example 192.0.2.10:8443.');
  return text;
}

function parseName(text: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError('Write 1 to 63 letters, digits, dots, dashes or underscores.');
}

async function init(context: CliContext, kind: WiringKind, options: InitOptions): Promise<void> {
  if (options.renew) return renew(context, kind, options);
  const [{ writeInitFiles }, { wiringSteps }, { table }] = await Promise.all([
    import('../../wiring/init-files.ts'),
    import('../../wiring/wiring-steps.ts'),
    import('../table.ts'),
  ]);
  const { output } = context;
  const known = distros[options.distro];
  const distro = options.auditLog === undefined ? known : { ...known, auditLog: options.auditLog };
  const server = options.server ?? distro.receiver;
  const listen = options.listen ?? listenFor(server);
  const { out, cluster, force = false, name: names = [] } = options;
  const dataDirectory = options.dataDir === undefined ? undefined : resolve(options.dataDir);
  const request = { kind, distro, out, cluster, dataDirectory, server, listen, names, force, now: new Date() };
  const files = await writeInitFiles(request);
  await output.line(table([...files.map((file) => [file.name, file.state, file.about])], output.tableColumns));
  if (files.every(({ state }) => state === 'kept'))
    await output.line('\nEverything was there already; nothing was changed (--force writes it once more).');
  await output.line(`\nIn ${resolve(out)}. What is left to do:\n`);
  await output.write(wiringSteps({ kind, distro, out: resolve(out) }));
}

async function renew({ output }: CliContext, kind: WiringKind, { out, name = [] }: InitOptions): Promise<void> {
  if (kind === 'file')
    throw new Fault('a file source has no certificates', { code: 'E_USAGE_RENEW', remedy: 'Write `init webhook --renew`.' });
  const [{ renewFiles }, { table }] = await Promise.all([import('../../wiring/renew-files.ts'), import('../table.ts')]);
  const files = await renewFiles({ out, names: name, now: new Date() });
  await output.line(table([...files.map((file) => [file.name, file.state, file.about])], output.tableColumns));
  await output.write(`
The authority stayed: old and new certificates are trusted side by side. What is left to do:

1. Nothing on the agent's side: a running one takes its certificate up within seconds.

2. Put the new audit-webhook.yaml where kube-apiserver reads it, and restart kube-apiserver before the old one ends:
   it reads that file only at its start.
`);
}

/** Loopback stays loopback; another address is listened on at that address, a name on all. */
function listenFor(server: string): string {
  const at = server.lastIndexOf(':');
  const host = server.slice(0, at);
  return /^[\d.]+$/.test(host) || host.startsWith('[') || host === 'localhost' ? server : `0.0.0.0${server.slice(at)}`;
}
