import { Command } from 'commander';
import type { CliContext } from '../output.ts';

/** `auditveil config`: check, show and describe configuration files. */
export function configCommand(context: CliContext): Command {
  const config = new Command('config')
    .summary('check, show and describe configuration files')
    .description('Works on the configuration of `auditveil run --config`.');
  config
    .command('validate')
    .summary('check a file')
    .description(
      'Checks a configuration file and reports every fault with its place, then the key file it names: that it is there, holds good keys, and only its owner can read it. Exit code 3 where there is a fault.',
    )
    .argument('<file>', 'configuration file')
    .option('--no-key', 'leave the key file out: the check runs on a machine that has none')
    .addHelpText('after', '\nExample:\n  auditveil config validate /etc/auditveil/config.yaml')
    .action((file: string, options: { readonly key: boolean }) => validate(context, file, options.key));
  config
    .command('print')
    .summary('show a file with every default filled in')
    .description('Shows the configuration that a file means, as YAML, with defaults, absolute paths and expanded variables.')
    .argument('<file>', 'configuration file')
    .addHelpText('after', '\nExample:\n  auditveil config print /etc/auditveil/config.yaml')
    .action((file: string) => print(context, file));
  config
    .command('schema')
    .summary('print the JSON Schema')
    .description('Prints the JSON Schema of a configuration file, for editors.')
    .addHelpText('after', '\nExample:\n  auditveil config schema > config.schema.json')
    .action(async () => {
      const { configJsonSchema } = await import('../../config/schema.ts');
      await context.output.line(JSON.stringify(configJsonSchema(), undefined, 2));
    });
  config
    .command('docs')
    .summary('print the reference page')
    .description('Prints docs/config.md, made from the option definitions.')
    .addHelpText('after', '\nExample:\n  auditveil config docs > docs/config.md')
    .action(async () => {
      const { configReferencePage } = await import('../../config/reference-page.ts');
      await context.output.write(configReferencePage());
    });
  return config.addHelpText('after', '\nExample:\n  auditveil config validate /etc/auditveil/config.yaml');
}

async function validate(context: CliContext, file: string, withKey: boolean): Promise<void> {
  const [{ readConfigFile }, { configKeyRing }] = await Promise.all([
    import('../read-config-file.ts'),
    import('../config-key.ts'),
  ]);
  const config = await readConfigFile(file, context.env);
  if (withKey) await configKeyRing(config, file);
  await context.output.line(`${file}: ok`);
}

async function print(context: CliContext, file: string): Promise<void> {
  const [{ readConfigFile }, { stringify }] = await Promise.all([import('../read-config-file.ts'), import('yaml')]);
  await context.output.write(stringify(await readConfigFile(file, context.env)));
}
