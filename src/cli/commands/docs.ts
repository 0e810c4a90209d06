import { Command } from 'commander';
import type { CliContext } from '../output.ts';

/** `auditveil docs`: writes the generated pages of this project. For its own developers. */
export function docsCommand(context: CliContext): Command {
  return new Command('docs')
    .summary('write the generated pages in docs/ and the values of the Helm chart')
    .description('Writes what is generated from definitions into docs/ and deploy/helm/ of the current folder.')
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
  await writeSinkPages();
  await writeChart();
  await context.output.line(
    'wrote docs/config.md, docs/cli.md, docs/mask-kinds.md, docs/detections.md, docs/posture.md, docs/sinks and values in deploy/helm/auditveil',
  );
}

async function writeSinkPages(): Promise<void> {
  const [{ mkdir, rm, writeFile }, { sinkPages }] = await Promise.all([
    import('node:fs/promises'),
    import('../../config/sinks/sink-page.ts'),
  ]);
  await rm('docs/sinks', { recursive: true, force: true });
  await mkdir('docs/sinks');
  for (const [name, page] of sinkPages()) await writeFile(`docs/sinks/${name}`, page);
}

async function writeChart(): Promise<void> {
  const [{ copyFile, readFile, writeFile }, { chartSchema }, { valuesFile, valuesTable, withTable }] = await Promise.all([
    import('node:fs/promises'),
    import('../../chart/chart-schema.ts'),
    import('../../chart/chart-pages.ts'),
  ]);
  const chart = 'deploy/helm/auditveil';
  const schema = chartSchema();
  await writeFile(`${chart}/values.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
  await writeFile(`${chart}/values.yaml`, valuesFile(schema));
  await writeFile(`${chart}/README.md`, withTable(await readFile(`${chart}/README.md`, 'utf8'), valuesTable(schema)));
  // A chart holds only what lies in its folder.
  await copyFile('deploy/prometheus/alerts.yaml', `${chart}/files/alerts.yaml`);
  await copyFile('deploy/grafana/auditveil.json', `${chart}/files/auditveil.json`);
}
