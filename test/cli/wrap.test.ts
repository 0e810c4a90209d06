import { expect } from 'chai';
import { columnsOf } from '../../src/cli/printable.ts';
import { wrap } from '../../src/cli/wrap.ts';

describe('cli/wrap', () => {
  it('breaks at spaces, keeps every word, and stays within the width', () => {
    const text = 'line 29 logs Metadata, needs Request: secrets (create, update, patch), tokenreviews (create)';
    const lines = wrap(text, 40, '  ');
    expect(lines.length).to.be.greaterThan(2);
    expect(lines.every((line) => columnsOf(line) <= 40 && line.startsWith('  '))).to.equal(true);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ').trim()).to.equal(text);
  });

  it('lets a word that is too long stand alone, and takes out what moves the cursor', () => {
    expect(wrap(`a ${'x'.repeat(50)} b`, 30, '')).to.deep.equal(['a', `  ${'x'.repeat(50)}`, '  b']);
    expect(wrap('a\u001b[2Jb', 30, '')).to.deep.equal(['a·[2Jb']);
  });
});
