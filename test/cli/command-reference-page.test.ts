import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { commandReferencePage } from '../../src/cli/command-reference-page.ts';

describe('cli/command-reference-page', () => {
  it('is what docs/cli.md holds (write it with `auditveil docs`)', () => {
    expect(readFileSync('docs/cli.md', 'utf8')).to.equal(commandReferencePage());
  });

  it('shows an example for every command', () => {
    const sections = commandReferencePage().split(/^## /m).slice(2);
    expect(sections.length).to.be.greaterThan(15);
    for (const section of sections) expect(section, section.split('\n')[0]).to.match(/Examples?:\n {2}/);
  });
});
