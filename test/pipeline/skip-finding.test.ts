import { expect } from 'chai';
import { describeSkipped, skipFinding } from '../../src/pipeline/skip-finding.ts';

describe('pipeline/skip-finding', () => {
  const place = { cluster: 'c', nowMs: 1_000, identify: (text: string) => text };
  const skipped = { records: 3, firstUs: 0, lastUs: 1_000_000, isOver: false };

  it('says what a sink was not given, and corrects itself once that is over', () => {
    const first = skipFinding('chat', skipped, place);
    expect(first.rule.id).to.equal('auditveil.reader-behind');
    expect(first.evidence).to.deep.include({
      'sink.name': ['chat'],
      'sink.skippedAtLeast': ['3'],
      'sink.firstReceived': ['1970-01-01T00:00:00.000Z'],
      'sink.lastReceived': ['1970-01-01T00:00:01.000Z'],
    });
    const last = skipFinding('chat', { ...skipped, records: 9, isOver: true }, place);
    expect([last.id, first.revision, last.revision]).to.deep.equal([first.id, 1, 2]);
    expect(describeSkipped('chat', { ...skipped, records: 9, isOver: true }))
      .to.include('chat')
      .and.to.include('9');
  });
});
