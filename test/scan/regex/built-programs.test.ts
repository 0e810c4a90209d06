import { expect } from 'chai';
import { AsciiPattern, type CompiledPattern } from '../../../src/scan/regex/ascii-pattern.ts';
import { builtProgram, isBuilt, useBuiltPrograms } from '../../../src/scan/regex/built-programs.ts';
import { compileTables } from '../../../src/scan/regex/program-tables.ts';

const source = 'token-[0-9a-f]{8}';
const text = Buffer.from('a token-0badcafe b');

/** An engine that must not be asked. */
const unasked = (): never => {
  throw new Error('the engine was asked');
};
const engine: CompiledPattern = {
  source,
  ...{ compile: unasked, test: unasked, find: unasked, finder: unasked, findAll: unasked },
  release: () => undefined,
};

describe('scan/regex/built-programs', () => {
  afterEach(() => useBuiltPrograms(undefined));

  it('search from the first text on, without an engine', () => {
    useBuiltPrograms(compileTables([source]));
    const pattern = new AsciiPattern(engine);
    expect(pattern.test(text)).to.equal(true);
    expect(pattern.findAll(text, 0)).to.deep.equal([2, 16, 2, 16]);
    expect(pattern.find(text, 3)).to.equal(undefined);
  });

  it('leave the first texts of other expressions to the engine', () => {
    useBuiltPrograms(compileTables(['other']));
    expect(() => new AsciiPattern(engine).test(text)).to.throw('the engine was asked');
    expect(isBuilt(source)).to.equal(false);
    expect(builtProgram(source, 'test')).to.equal(undefined);
  });
});
