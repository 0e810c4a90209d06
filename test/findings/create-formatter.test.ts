import { expect } from 'chai';
import { findingFormats } from '../../src/core/finding.ts';
import { createFormatter } from '../../src/findings/create-formatter.ts';
import { bare, full, product } from './support.ts';

describe('findings/create-formatter', () => {
  for (const format of findingFormats) {
    it(`writes ${format} as one line of JSON, the same for the same finding`, () => {
      const write = createFormatter(format, product);
      for (const finding of [full, bare, { ...full, rule: { ...full.rule, name: 'two\nlines' } }]) {
        expect(write(finding)).not.to.include('\n');
        expect(JSON.parse(write(finding))).to.be.an('object');
        expect(write(finding)).to.equal(createFormatter(format, product)(finding));
      }
    });

    it(`says in ${format} whose rule it was`, () => {
      const line = createFormatter(format, product)(full);
      expect(line).to.include('Somebody').and.to.include('DRL 1.1').and.to.include(full.rule.id).and.to.include(full.id);
    });
  }
});
