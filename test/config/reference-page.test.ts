import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { configReferencePage } from '../../src/config/reference-page.ts';

describe('config/reference-page', () => {
  it('is what docs/config.md holds (write it with `auditveil config docs > docs/config.md`)', () => {
    expect(readFileSync('docs/config.md', 'utf8')).to.equal(configReferencePage());
  });

  it('has a row for every option and an example that loads', () => {
    const page = configReferencePage();
    for (const option of ['keyFile', 'pollIntervalMs', 'segmentBytes', 'listen', 'profile'])
      expect(page).to.include(`| \`${option}\` |`);
    const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(loadConfig(example, '/x/config.yaml', {}).cluster.name).to.equal('prod');
  });
});
