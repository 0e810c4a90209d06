import { expect } from 'chai';
import { ProgramFlags } from '../../../src/scan/reference/program-flags.ts';
import { TextDocument } from '../../../src/scan/reference/text-document.ts';

describe('scan/reference/program-flags', () => {
  const words = (...texts: readonly string[]) =>
    texts.map((text) => {
      const document = new TextDocument();
      const bytes = Buffer.from(text);
      document.reset(undefined, 'root', bytes, 0, bytes.length);
      return { document, start: 0, end: bytes.length };
    });
  const flags = new ProgramFlags([
    { program: '^mysql$', flags: '^-p', after: undefined, skip: 0 },
    { program: '^(?:mysql|curl)$', flags: '^-u', after: ':', skip: 1 },
  ]);

  it('gives the flags of every entry that knows the program, with or without its path', () => {
    expect(flags.of(words('/usr/bin/mysql', '-p')).map(({ skip }) => skip)).to.deep.equal([0, 1]);
    expect(flags.of(words('env', 'A=b', 'curl')).map(({ after }) => Buffer.from(after).toString())).to.deep.equal([':']);
  });

  it('knows nothing of other words and of flags called like a program', () => {
    expect(flags.of(words('mysqlx', 'a', ''))).to.deep.equal([]);
    expect(flags.of(words('-mysql', '--mysql'))).to.deep.equal([]);
    expect(new ProgramFlags([]).of(words('mysql'))).to.deep.equal([]);
  });
});
