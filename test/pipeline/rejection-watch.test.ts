import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import type { Finding } from '../../src/core/finding.ts';
import { RejectionWatch } from '../../src/pipeline/rejection-watch.ts';
import { maskedRecord } from '../support/masked-record.ts';

describe('pipeline/rejection-watch', () => {
  it('makes one finding at once, revisions rarely, and a new one after an hour of peace', () => {
    let nowMs = Date.UTC(2026, 4, 4, 10);
    const said: Finding[] = [];
    const watch = new RejectionWatch({
      place: () => ({ identify: (text) => text, cluster: 'lab', nowMs }),
      say: (finding) => void said.push(finding),
    });
    const fault = new Fault('the server answers 400', { code: 'E_SINK_REFUSED' });
    const reject = (count: number): void =>
      watch.add(
        's',
        Array.from({ length: count }, () => ({ record: maskedRecord({ secret: 'PLANTED' }), fault })),
      );
    for (let minute = 0; minute < 20; minute++, nowMs += 60_000) reject(100);
    expect(said.map(({ revision, evidence }) => [revision, evidence['sink.rejectedAtLeast']?.[0]])).to.deep.equal([
      [1, '100'],
      [2, '1100'],
    ]);
    watch.flush();
    watch.flush();
    expect(said.at(-1)).to.deep.include({ revision: 3, id: said[0]?.id });
    expect(said.at(-1)?.evidence['sink.codes']).to.deep.equal(['E_SINK_REFUSED 2000']);
    nowMs += 3_700_000;
    reject(1);
    expect(said.at(-1)?.revision).to.equal(1);
    expect(said.at(-1)?.id).not.to.equal(said[0]?.id);
    expect(JSON.stringify(said)).not.to.contain('PLANTED');
  });
});
