import { expect } from 'chai';
import { describeExpired, describeHidden } from '../../src/cli/describe-exceptions.ts';
import { readExceptions } from '../../src/detection/exceptions.ts';
import { noMapping } from '../../src/detection/field-mapping.ts';
import { load, ruleOf } from '../support/rules.ts';

const text = 'exceptions: [{ rule: Rule 1, where: { verb: get }, owner: team, reason: r, expires: 2026-05-05 }]';
const set = {
  ...load(ruleOf('s: { verb: get }\ncondition: s')),
  exceptions: readExceptions([{ file: 'e.yml', text }], noMapping).exceptions,
};

describe('cli/describe-exceptions', () => {
  it('names exceptions that have expired, with their place and owner', () => {
    expect(describeExpired(set, Date.UTC(2026, 4, 5) - 1)).to.deep.equal([]);
    expect(describeExpired(set, Date.UTC(2026, 4, 5))).to.deep.equal([
      'e.yml:1: the exception of "Rule 1" (team) expired on 2026-05-05 and no longer applies to events since then',
    ]);
  });

  it('says how many matches were hidden, by rule, and nothing where none was', () => {
    expect(describeHidden(new Map(), set)).to.equal(undefined);
    const id = set.rules[0]?.rule.info.id ?? '';
    expect(
      describeHidden(
        new Map([
          [id, 2],
          ['other', 1],
        ]),
        set,
      ),
    ).to.equal('auditveil: exceptions hid 3 matches (Rule 1 2, other 1)');
  });
});
