import { Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import type { RbacSubject } from '../../detection/rbac/grants.ts';
import { plainJson } from '../../findings/plain-json.ts';
import { type KeyPlaceOptions, keyPlace } from '../key-place.ts';
import type { CliContext } from '../output.ts';
import type { SuggestedRole } from '../suggested-role.ts';

interface SuggestCommandOptions extends Pick<KeyPlaceOptions, 'key' | 'config'> {
  readonly user?: string;
  readonly group?: string;
  readonly serviceaccount?: RbacSubject;
  readonly name?: string;
  readonly maxNames: number;
  readonly output: 'yaml' | 'json';
}

/** `auditveil rbac`: rights as they are used. */
export function rbacCommand(context: CliContext): Command {
  const rbac = new Command('rbac')
    .summary('suggest roles from the rights that were used')
    .description('Looks at rights (RBAC) as an audit log shows them in use.');
  rbac
    .command('suggest')
    .summary('write the smallest role that allows what somebody did')
    .description(
      'Writes Role, ClusterRole and bindings as YAML that allow exactly what a user, group or service account asked for and got, and shows as comments what they were granted and did not use. Works on raw and on masked logs: a real name is turned into its pseudonyms with the key.',
    )
    .argument('[inputs...]', 'audit logs, plain or gzip, or data folders of agents; `-` or nothing for standard input')
    .addOption(new Option('--user <name>', 'a user, by name or by pseudonym').conflicts(['group', 'serviceaccount']))
    .addOption(new Option('--group <name>', 'everybody in a group').conflicts(['user', 'serviceaccount']))
    .addOption(
      new Option('--serviceaccount <namespace:name>', 'a service account').argParser(parseAccount).conflicts(['user', 'group']),
    )
    .addOption(
      new Option('--name <name>', 'name of the roles and bindings (default: made from who they are for)').argParser(parseName),
    )
    .addOption(
      new Option('--max-names <n>', 'limit rules to the objects asked for where they were at most so many; 0: never')
        .argParser(parseCount)
        .default(5),
    )
    .addOption(
      new Option('-o, --output <format>', 'YAML to apply, or one JSON document').choices(['yaml', 'json']).default('yaml'),
    )
    .addOption(new Option('--key <file>', 'key file of the masked log (default: the one in your state folder)'))
    .addOption(new Option('--config <file>', "the agent's configuration: its key file is used"))
    .addHelpText(
      'after',
      '\nExample:\n  auditveil rbac suggest --user alice@example.com audit.log > alice.yaml\n  auditveil rbac suggest --serviceaccount shop:deployer auditveil-data --config /etc/auditveil/config.yaml',
    )
    .action((inputs: readonly string[], options: SuggestCommandOptions) => suggest(context, inputs, options));
  return rbac.addHelpText('after', '\nExample:\n  auditveil rbac suggest --user alice@example.com audit.log');
}

function parseAccount(text: string): RbacSubject {
  const [, namespace, name] = /^(?:system:serviceaccount:)?([a-z0-9][a-z0-9.-]*):([a-z0-9][a-z0-9.-]*)$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined) throw new InvalidArgumentError('Write namespace:name.');
  return { kind: 'ServiceAccount', name, namespace };
}

function parseName(text: string): string {
  if (!/^[a-z0-9]([a-z0-9.-]{0,60}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('Write lower case letters, digits and dashes.');
  return text;
}

function parseCount(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('Write a number up to 99.');
  return Number(text);
}

function subjectOf({ user, group, serviceaccount }: SuggestCommandOptions): RbacSubject {
  const subject =
    serviceaccount ??
    (user === undefined ? undefined : { kind: 'User', name: user, namespace: '' }) ??
    (group === undefined ? undefined : { kind: 'Group', name: group, namespace: '' });
  if (subject) return subject;
  throw new Fault('whose role is it to be?', {
    code: 'E_USAGE_PRINCIPAL',
    remedy: 'Name one with --user, --group or --serviceaccount.',
  });
}

async function suggest(context: CliContext, inputs: readonly string[], options: SuggestCommandOptions): Promise<void> {
  const subject = subjectOf(options);
  const [{ userKeyRing }, { openEngine }, { eachMaskedEvent }, { userForms }, { RoleSuggestion }] = await Promise.all([
    import('../user-key.ts'),
    import('../../pipeline/open-engine.ts'),
    import('../masked-events.ts'),
    import('../user-forms.ts'),
    import('../../detection/rbac/role-suggestion.ts'),
  ]);
  const place = await keyPlace(context, options);
  const keyRing = await userKeyRing(context, options.config === undefined ? options.key : place.file, place);
  const { kind, namespace, name } = subject;
  const named = kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name;
  const forms = new Set(await userForms(keyRing, [named], kind === 'Group' ? ['user', 'email'] : ['user']));
  const suggestion = new RoleSuggestion({ kind: kind as 'User' | 'Group' | 'ServiceAccount', forms });
  const engine = () => openEngine({ policy: 'standard', enable: [], keyRing });
  await eachMaskedEvent(context, inputs, engine, ({ json, timeMs }) => suggestion.observe(json, timeMs));
  const made = suggestion.make(subject, { name: options.name ?? nameFor(subject), maxNames: options.maxNames });
  if (made.objects.length === 0) throw nothingUsed(made.seen, made.refused);
  await write(
    context,
    { principal: `${kind} ${kind === 'ServiceAccount' ? `${namespace}/${name}` : name}`, ...made },
    options.output,
  );
}

async function write(context: CliContext, role: SuggestedRole, output: 'yaml' | 'json'): Promise<void> {
  if (output === 'json') return context.output.line(plainJson(role, 2));
  const { suggestedYaml } = await import('../suggested-role.ts');
  return context.output.write(suggestedYaml(role));
}

/** `alice@example.com` gives `alice-example-com-used`. */
function nameFor({ name, namespace }: RbacSubject): string {
  const plain = `${namespace === '' ? '' : `${namespace}-`}${name}`.toLowerCase();
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
    .replace(/-+$/, '');
  return `${slug || 'somebody'}-used`;
}

function nothingUsed(seen: number, refused: number): Fault {
  const why =
    seen === 0 ? 'no request of theirs is in this log' : `nothing they did needs rights (${seen} requests, ${refused} refused)`;
  return new Fault(why, {
    code: 'E_RBAC_NOTHING',
    remedy: 'Check the name, and that --key or --config name the key the log was masked with (auditveil pseudonym NAME).',
  });
}
