import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { encodeTables } from '../../src/compile/plan-file.ts';
import { loadPacks } from '../../src/masking/load-pack.ts';
import { readBuiltExpressions } from '../../src/pipeline/built-expressions.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { compileProgram } from '../../src/scan/regex/program.ts';
import { compileTables, TableReader } from '../../src/scan/regex/program-tables.ts';

const built = fileURLToPath(new URL('../../src/programs.bin', import.meta.url));
/** Taking all of them apart takes seconds. */
const triedOneOf = 11;

describe('pipeline/built-expressions', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-expressions-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are what the modules of now make of the shipped expressions', async () => {
    const tables = readBuiltExpressions(built, path.join(folder, 'none'));
    if (!tables) throw new Error('the build has left none');
    const reader = new TableReader(tables);
    const names = loadPacks(await shippedPacks()).flatMap((pack) => Object.values(pack.names));
    expect(names).not.to.have.length(0);
    for (const { expression } of names) expect(reader.has(expression), expression).to.equal(true);
    for (const [i, source] of tables.sources.entries())
      if (i % triedOneOf === 0) expect(reader.program(source, 'find'), source).to.deep.equal(compileProgram(source, true));
  });

  it('are not used where modules were compiled since, nor where they are not whole', () => {
    const [file, since] = [path.join(folder, 'programs.bin'), path.join(folder, 'since')];
    expect(readBuiltExpressions(file, since)).to.equal(undefined);
    writeFileSync(file, encodeTables(compileTables(['abc'])));
    expect(readBuiltExpressions(file, since)?.sources).to.deep.equal(['abc']);
    writeFileSync(since, '');
    utimesSync(file, 1, 1);
    expect(readBuiltExpressions(file, since)).to.equal(undefined);
    rmSync(since);
    writeFileSync(file, readFileSync(file).subarray(0, 40));
    expect(readBuiltExpressions(file, since)).to.equal(undefined);
  });
});
