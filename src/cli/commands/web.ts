import { Command, InvalidArgumentError, Option } from 'commander';
import type { CliContext } from '../output.ts';

interface TokenOptions {
  readonly name: string;
  readonly role: 'auditor' | 'analyst';
  readonly json?: boolean;
}

interface LinkOptions {
  readonly dataDir: string;
  readonly config?: string;
  readonly role: 'auditor' | 'analyst';
  readonly url?: string;
}

function parseName(text: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError('Write 1 to 63 letters, digits, dots, dashes or underscores.');
}

/** `auditveil web`: access to the page and the API. */
export function webCommand(context: CliContext): Command {
  const web = new Command('web')
    .summary('make tokens and links for the page and its API')
    .description('Access to the page and the API of `run --web` and `serve` (docs/web.md).')
    .addHelpText('after', '\nExample:\n  auditveil web token --name alice --role analyst');
  web
    .command('token')
    .summary('make a token, and what the configuration says of it')
    .description(
      'Prints a random token once, and the entry for `web.tokens` of the configuration, which holds only its hash. Whoever has the token may come in: by the page, `tail --server`, or `Authorization: Bearer`.',
    )
    .addOption(new Option('--name <name>', 'whose it is').argParser(parseName).makeOptionMandatory())
    .addOption(
      new Option('--role <role>', 'auditor: reads everything; analyst: also reviews and silences')
        .choices(['auditor', 'analyst'])
        .makeOptionMandatory(),
    )
    .option('--json', 'as one JSON object')
    .addHelpText('after', '\nExample:\n  auditveil web token --name alice --role analyst')
    .action((options: TokenOptions) => token(context, options));
  web
    .command('link')
    .summary('make another link that logs you in once')
    .description(
      'Leaves a token in the data folder for the server that runs over it, and prints the link. It works once, for 15 minutes. Whoever may write to that folder may do this.',
    )
    .addOption(new Option('--data-dir <folder>', 'data folder of the agent').default('auditveil-data'))
    .addOption(new Option('--config <file>', "the agent's configuration: its data folder and the address of its page are used"))
    .addOption(
      new Option('--role <role>', 'auditor: reads everything; analyst: also reviews and silences')
        .choices(['auditor', 'analyst'])
        .default('analyst'),
    )
    .option('--url <url>', 'where the page is (default: http://127.0.0.1:8090, or what `web` says)')
    .addHelpText('after', '\nExample:\n  auditveil web link --data-dir /var/lib/auditveil')
    .action((options: LinkOptions) => link(context, options));
  return web;
}

async function link(context: CliContext, { dataDir, config: file, role, url }: LinkOptions): Promise<void> {
  const [{ makeLink }, { whoRuns }, { defaultWebListen }] = await Promise.all([
    import('../../pipeline/link-files.ts'),
    import('../key-place.ts'),
    import('../../config/web-schema.ts'),
  ]);
  const config =
    file === undefined ? undefined : await (await import('../read-config-file.ts')).readConfigFile(file, context.env);
  const token = await makeLink(config?.log.directory ?? dataDir, { name: whoRuns().name ?? 'owner', role }, Date.now());
  const usual = `${config?.web?.tls ? 'https' : 'http'}://${config?.web?.listen ?? defaultWebListen}`;
  await context.output.line(`${(url ?? usual).replace(/\/$/, '')}/#token=${token}`);
}

async function token({ output }: CliContext, { name, role, json }: TokenOptions): Promise<void> {
  const { accessTokenHash, newAccessToken } = await import('../../crypto/access-token.ts');
  const made = newAccessToken();
  const hash = accessTokenHash(made);
  if (json) {
    await output.line(JSON.stringify({ name, role, token: made, hash }));
    return;
  }
  await output.line(made);
  output.note(
    `\nIt is shown this once. In the configuration:\n\nweb:\n  tokens:\n    - { name: ${name}, role: ${role}, hash: "${hash}" }`,
  );
}
