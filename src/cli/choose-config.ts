import type { Config } from '../config/schema.ts';
import type { Role } from '../config/transport-schema.ts';
import { Fault } from '../core/faults.ts';
import type { ChosenConfig } from '../pipeline/load-setup.ts';
import type { RunFlags } from './flag-config.ts';
import type { CliContext } from './output.ts';

export interface ConfigChoice extends Omit<RunFlags, 'files'> {
  readonly config?: string;
  readonly once?: boolean;
  readonly key?: string;
  readonly role?: Role;
}

/**
 * The configuration that `run` was started with, from its file or from flags, and its keys. Read anew each time.
 * @throws Fault E_USAGE_CONFIG, E_USAGE_INPUT; what reading the file and the keys throws
 */
export function chooseConfig(context: CliContext, files: readonly string[], options: ConfigChoice): Promise<ChosenConfig> {
  return options.config === undefined ? fromFlags(context, files, options) : fromFile(context, files, options.config, options);
}

async function fromFile(
  context: CliContext,
  files: readonly string[],
  file: string,
  { role, web }: Pick<ConfigChoice, 'role' | 'web'>,
): Promise<ChosenConfig> {
  if (files.length > 0)
    throw new Fault('files and --config exclude each other', {
      code: 'E_USAGE_CONFIG',
      remedy: 'Name the files under `sources` in the configuration.',
    });
  const [{ readConfigFile }, { configKeyRing }, { configOfRole }] = await Promise.all([
    import('./read-config-file.ts'),
    import('./config-key.ts'),
    import('../config/role-config.ts'),
  ]);
  const config = await withWeb(configOfRole(await readConfigFile(file, context.env), role), web);
  return { config, ...(await configKeyRing(config, file)) };
}

/** The page, where a flag asks for it. */
async function withWeb(config: Config, web: string | true | undefined): Promise<Config> {
  if (web === undefined) return config;
  const { webSchema } = await import('../config/web-schema.ts');
  const before = config.web ?? webSchema.parse({});
  return { ...config, web: web === true ? before : { ...before, listen: web } };
}

async function fromFlags(context: CliContext, files: readonly string[], options: ConfigChoice): Promise<ChosenConfig> {
  if (options.role !== undefined && options.role !== 'all') {
    throw new Fault(`the role ${options.role} needs a configuration`, {
      code: 'E_USAGE_ROLE',
      remedy: 'Name a file with --config: its `transport` says which Kafka lies between agents and workers.',
    });
  }
  if (files.length === 0) {
    throw new Fault('nothing to read', {
      code: 'E_USAGE_INPUT',
      remedy: 'Name audit log files, `-` for standard input, or a configuration with --config.',
    });
  }
  const [{ flagConfig }, { userKeyFile, userKeyRing }] = await Promise.all([import('./flag-config.ts'), import('./user-key.ts')]);
  const config = flagConfig({ ...options, files, follow: options.follow && !options.once });
  const keyRing = await userKeyRing(context, options.key);
  return { config, keyRing, keyFile: { path: userKeyFile(context, options.key) } };
}
