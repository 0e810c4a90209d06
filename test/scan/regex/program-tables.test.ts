import { expect } from 'chai';
import { compileProgram, compileReversed, type Program } from '../../../src/scan/regex/program.ts';
import { compileTables, type ProgramForm, programForms, TableReader } from '../../../src/scan/regex/program-tables.ts';

const untakeable = '(?:a*|b*)c';
const sources = [
  'abc',
  '^[a-z]{3,}\\b.+$',
  '(?i)(pass)(word|phrase|code|wd)=([^ ]{1,20})',
  '(?:alpha|beta|gamma|delta|epsilon)[0-9]*x?',
  '(?m)^key: (\\S+)$',
  untakeable,
  '(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:\\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}',
];

const fresh = (source: string, form: ProgramForm): Program | undefined =>
  form === 'starts' ? compileReversed(source) : compileProgram(source, form === 'find');

describe('scan/regex/program-tables', () => {
  const reader = new TableReader(compileTables(sources));

  for (const form of programForms) {
    it(`gives the programs that were compiled, to ${form}`, () => {
      for (const source of sources) expect(reader.program(source, form), source).to.deep.equal(fresh(source, form));
    });
  }

  it('knows an expression that cannot be taken apart, and gives no program of it', () => {
    expect(reader.has(untakeable)).to.equal(true);
    expect(reader.program(untakeable, 'test')).to.equal(undefined);
  });

  it('does not know others', () => {
    expect(reader.has('other')).to.equal(false);
    expect(reader.program('other', 'find')).to.equal(undefined);
  });

  it('has programs share their classes', () => {
    const shared = new TableReader(compileTables(['[a-f]x', '[a-f]y']));
    const [one, other] = ['[a-f]x', '[a-f]y'].map((source) => shared.program(source, 'test')?.classes[0]);
    expect(one).to.be.instanceOf(Uint8Array);
    expect(one).to.equal(other);
  });
});
