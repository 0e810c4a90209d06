import type { Config, SinkConfig } from '../config/schema.ts';
import { didYouMean } from '../core/closest-word.ts';
import { Fault } from '../core/faults.ts';
import type { CliContext } from './output.ts';
import { readConfigFile } from './read-config-file.ts';

/** A configuration and one of its sinks. @throws Fault E_USAGE_SINK where it has none of that name, and what reading it throws */
export async function configuredSink(
  { env }: CliContext,
  file: string,
  name: string,
): Promise<{ readonly config: Config; readonly sink: SinkConfig }> {
  const config = await readConfigFile(file, env);
  const sink = config.sinks.find((one) => one.name === name);
  if (sink) return { config, sink };
  const names = config.sinks.map((one) => one.name);
  throw new Fault(`${file} has no sink of this name`, {
    code: 'E_USAGE_SINK',
    remedy: didYouMean(name, names),
  });
}
