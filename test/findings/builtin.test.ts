import { expect } from 'chai';
import { recordFlags } from '../../src/core/record.ts';
import { builtinMatches, builtinRules } from '../../src/findings/builtin.ts';
import { maskedRecord } from '../support/masked-record.ts';

const matches = (flags: number): readonly string[] =>
  builtinMatches(maskedRecord({}, { flags })).map(({ id, severity }) => `${id} ${severity}`);

describe('findings/builtin', () => {
  it('finds a stub, and finds it high when the event changes something', () => {
    expect(matches(recordFlags.stub)).to.deep.equal(['auditveil.stub medium']);
    expect(matches(recordFlags.stub | recordFlags.writes)).to.deep.equal(['auditveil.stub high']);
    expect(matches(recordFlags.writes | recordFlags.derived)).to.deep.equal([]);
  });

  it('finds doubled keys, forged masks and missing bodies, all at once where need be', () => {
    expect(matches(recordFlags.duplicateKeys | recordFlags.forgedMask | recordFlags.truncated)).to.deep.equal([
      'auditveil.duplicate-keys medium',
      'auditveil.forged-mask medium',
      'auditveil.truncated low',
    ]);
  });

  it('keeps its ids, which people have in their filters', () => {
    expect(new Set(Object.values(builtinRules).map(({ id }) => id))).to.deep.equal(
      new Set([
        'auditveil.stub',
        'auditveil.duplicate-keys',
        'auditveil.forged-mask',
        'auditveil.truncated',
        'auditveil.audit-id-reused',
        'auditveil.log-gap',
        'auditveil.exception-expired',
        'auditveil.masking-leak',
        'auditveil.log-loss',
        'auditveil.checkpoint',
        'auditveil.log-changed',
        'auditveil.unmask',
        'auditveil.signing-key-replaced',
        'auditveil.reader-behind',
        'auditveil.sink-rejected',
        'auditveil.dead-letters-deleted',
        'auditveil.source-silent',
        'auditveil.certificate-ending',
        'auditveil.transport-refused',
        'auditveil.transport-unfinished',
      ]),
    );
  });
});
