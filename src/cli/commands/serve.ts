import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import type { Config } from '../../config/schema.ts';
import type { WebConfig } from '../../config/web-schema.ts';
import { keyOption } from '../command-options.ts';
import type { CliContext } from '../output.ts';
import { untilStopped } from '../until-stopped.ts';

interface ServeOptions {
  readonly dataDir: string;
  readonly config?: string;
  readonly listen?: string;
  readonly key?: string;
}

/** `auditveil serve`: the page and the API over a data folder. */
export function serveCommand(context: CliContext): Command {
  return new Command('serve')
    .summary('serve the page and its API over the data folder of an agent, running or stopped')
    .description(
      'Opens the page of `run --web` in a process of its own. It only reads the logs; reviews and silences are left as notes that the agent takes up when it runs. Prints a link that logs you in once.',
    )
    .addOption(new Option('--data-dir <folder>', 'data folder of the agent').default('auditveil-data'))
    .addOption(
      new Option('--config <file>', "the agent's configuration: its data folder, its key, its masking and its `web` are used"),
    )
    .addOption(new Option('--listen <address:port>', 'where to listen (default: 127.0.0.1:8090, or what `web` says)'))
    .addOption(keyOption())
    .addHelpText(
      'after',
      '\nExample:\n  auditveil serve --data-dir /var/lib/auditveil\n  auditveil serve --config /etc/auditveil/config.yaml --listen 127.0.0.1:9000',
    )
    .action((options: ServeOptions) => serve(context, options));
}

async function serve(context: CliContext, options: ServeOptions): Promise<void> {
  const [{ openDataFolder, selfPort }, { openWeb }, { textMasker }, { whoRuns }, { clusterOf }, { runSelf }] = await Promise.all([
    import('../../pipeline/web-host.ts'),
    import('../../web/open-web.ts'),
    import('../text-masker.ts'),
    import('../key-place.ts'),
    import('../cluster-of.ts'),
    import('../run-self.ts'),
  ]);
  const notice = (text: string): void => context.output.note(`auditveil: ${text}`);
  const config = await configOf(context, options);
  const directory = config?.log.directory ?? options.dataDir;
  const folder = await openDataFolder(directory, { clock: { nowMs: Date.now }, notice });
  if (!existsSync(join(directory, 'findings')))
    notice(`there is no log in ${directory}: the page stays empty until an agent writes there (--data-dir, --config)`);
  const web = await webOptions(config, options.listen);
  const { server, url } = await openWeb(web, {
    ...folder.ports,
    cluster: config?.cluster.name ?? (await clusterOf(directory)),
    self: selfPort(runSelf, config ?? {}, directory),
    live: () => undefined,
    maskText: textMasker(context, { ...(config && { masking: config.masking }), key: options.key }),
  });
  notice(`the page: ${server.link(url, { name: whoRuns().name ?? 'owner', role: 'analyst' })}`);
  await untilStopped(context.stop);
  await server.close();
  await folder.close();
}

async function configOf(context: CliContext, { config }: ServeOptions): Promise<Config | undefined> {
  if (config === undefined) return undefined;
  const { readConfigFile } = await import('../read-config-file.ts');
  return readConfigFile(config, context.env);
}

async function webOptions(config: Config | undefined, listen: string | undefined): Promise<WebConfig> {
  const { webSchema } = await import('../../config/web-schema.ts');
  const web = config?.web ?? webSchema.parse({});
  return listen === undefined ? web : { ...web, listen };
}
