import { Command } from 'commander';
import type { CliContext } from '../output.ts';

/** `auditveil docs`: writes the generated pages of this project. For its own developers. */
export function docsCommand(context: CliContext): Command {
  return new Command('docs')
    .summary('write the generated pages in docs/ of the project')
    .description('Writes the pages that are generated from definitions into docs/ of the current folder.')
    .addHelpText('after', '\nExample:\n  auditveil docs')
    .action(() => docs(context));
}

async function docs(context: CliContext): Promise<void> {
  const [{ writeFile }, { configReferencePage }, { commandReferencePage }, { kindsPage }, { loadPacks }, files, rules] =
    await Promise.all([
      import('node:fs/promises'),
      import('../../config/reference-page.ts'),
      import('../command-reference-page.ts'),
      import('../../masking/kinds-page.ts'),
      import('../../masking/load-pack.ts'),
      import('../../pipeline/load-files.ts'),
      Promise.all([
        import('../../detection/detections-page.ts'),
        import('../../detection/load-rules.ts'),
        import('../../detection/posture/posture-page.ts'),
      ]),
    ]);
  const [{ detectionsPage }, { loadRules }, { posturePage }] = rules;
  await writeFile('docs/config.md', configReferencePage());
  await writeFile('docs/cli.md', commandReferencePage());
  await writeFile('docs/mask-kinds.md', kindsPage(loadPacks(await files.shippedPacks())));
  const set = loadRules(await files.shippedRules(), { mapping: await files.shippedMapping(), profile: 'hunting' });
  await writeFile('docs/detections.md', detectionsPage(set));
  await writeFile('docs/posture.md', posturePage());
  await context.output.line('wrote docs/config.md, docs/cli.md, docs/mask-kinds.md, docs/detections.md and docs/posture.md');
}
