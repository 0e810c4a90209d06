import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { root } from '../support/source-files.ts';
import { faultRows } from './fault-rows.ts';

describe('faults/fault-rows', () => {
  it('has test files for every row', () => {
    for (const { row, checks } of faultRows) {
      expect(checks.length, `row ${row}`).to.be.greaterThan(0);
      const files = checks.flatMap((check) => ('tests' in check ? check.tests : []));
      expect(files.filter((name) => !existsSync(path.join(root, `test/${name}.test.ts`)))).to.deep.equal([]);
    }
    expect(new Set(faultRows.map(({ row }) => row)).size).to.equal(faultRows.length);
  });

  it('names titles that some test of the file has', () => {
    const missing = faultRows.flatMap(({ row, checks }) =>
      checks.flatMap((check) => {
        if (!('tests' in check) || check.only === undefined) return [];
        const text = check.tests.map((name) => readFileSync(path.join(root, `test/${name}.test.ts`), 'utf8')).join('\n');
        return new RegExp(`\\bit\\(['"\`][^\\n]*${check.only}`).test(text) ? [] : [`row ${row}: ${check.only}`];
      }),
    );
    expect(missing).to.deep.equal([]);
  });

  it('has every row in docs/reliability.md', () => {
    const page = readFileSync(path.join(root, 'docs/reliability.md'), 'utf8');
    expect(faultRows.filter(({ row, fault }) => !page.includes(`| ${row} | ${fault} |`))).to.deep.equal([]);
  });
});
