import { type Command, Option } from 'commander';
import type { Config } from '../config/schema.ts';
import { Fault } from '../core/faults.ts';
import type { CliContext } from './output.ts';

/** As the options of a command say it. */
export interface DataPlaceOptions {
  readonly dataDir: string;
  readonly config?: string;
  readonly signingKey?: string;
}

/** Where an agent keeps its logs, and the key that signs them. */
export interface DataPlace {
  readonly dataDirectory: string;
  readonly signingKey: string;
  /** Where a configuration was named. */
  readonly masking?: Config['masking'];
}

/** `--data-dir` and `--config`. */
export function withDataPlace(command: Command, used = 'its data folder is used'): Command {
  return command
    .addOption(new Option('--data-dir <folder>', 'data folder of the agent').default('auditveil-data'))
    .addOption(new Option('--config <file>', `the agent's configuration: ${used}`));
}

/** @throws Fault E_USAGE_KEY where options and configuration differ, and what reading the configuration throws */
export async function dataPlace(context: CliContext, { dataDir, config, signingKey }: DataPlaceOptions): Promise<DataPlace> {
  if (config === undefined) return { dataDirectory: dataDir, signingKey: signingKey ?? `${dataDir}/signing.pem` };
  const { readConfigFile } = await import('./read-config-file.ts');
  const { log, masking } = await readConfigFile(config, context.env);
  if (signingKey !== undefined && log.signingKeyFile !== undefined && signingKey !== log.signingKeyFile)
    throw new Fault('the configuration names another signing key', {
      code: 'E_USAGE_KEY',
      remedy: 'Leave --signing-key away, or change `log.signingKeyFile`.',
    });
  const inFolder = `${log.directory}/signing.pem`;
  return { dataDirectory: log.directory, signingKey: signingKey ?? log.signingKeyFile ?? inFolder, masking };
}
