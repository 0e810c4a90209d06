import { Command } from 'commander';
import type { CliContext } from '../output.ts';

/** `auditveil version`: what is running here. */
export function versionCommand(context: CliContext): Command {
  return new Command('version')
    .summary('show the version')
    .description('Shows the version of this program, of Node.js, and the expression engine in use.')
    .option('--json', 'as one JSON object')
    .addHelpText('after', '\nExample:\n  auditveil version --json')
    .action((options: { readonly json?: boolean }) => version(context, options.json === true));
}

async function version(context: CliContext, json: boolean): Promise<void> {
  const [{ packageVersion }, { patternEngine }] = await Promise.all([
    import('../../pipeline/load-files.ts'),
    import('../../scan/pattern.ts'),
  ]);
  const facts = {
    version: await packageVersion(),
    node: process.versions.node,
    expressions: patternEngine,
    platform: `${process.platform} ${process.arch}`,
  };
  if (json) await context.output.line(JSON.stringify(facts));
  else
    await context.output.line(
      `auditveil ${facts.version} (Node.js ${facts.node}, expressions: ${facts.expressions}, ${facts.platform})`,
    );
}
