import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { sinkPages } from '../../../src/config/sinks/sink-page.ts';

describe('config/sinks/sink-page', () => {
  it('is what docs/sinks holds (write it with `npm run docs`)', () => {
    const pages = sinkPages();
    expect(readdirSync('docs/sinks').sort()).to.deep.equal([...pages.keys()].sort());
    for (const [name, page] of pages) expect(readFileSync(`docs/sinks/${name}`, 'utf8'), name).to.equal(page);
  });

  it('has a row for every option of a sink, each once, and all of its caveats', () => {
    const page = sinkPages().get('file.md') ?? '';
    for (const option of ['path', 'format', 'keepFiles', 'whenBehind', 'batch', 'records', 'waitMs'])
      expect(page.split(`| \`${option}\` |`).length - 1, option).to.equal(1);
    expect(page).to.include('A line is never split over two files.').and.to.include('sinks:\n  - type: file');
  });

  it('links every sink from the table', () => {
    const index = sinkPages().get('README.md') ?? '';
    for (const name of sinkPages().keys()) if (name !== 'README.md') expect(index).to.include(`(${name})`);
  });
});
