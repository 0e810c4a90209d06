import { expect } from 'chai';
import { expectCounts } from '../../src/pipeline/expected-counts.ts';
import { Meter } from '../../src/pipeline/meter.ts';

describe('pipeline/expected-counts', () => {
  const status = { bytes: 0, full: false, appended: 0, repeats: 0 };
  const log = { status: () => status as never };

  it('begins counters of rules and sinks with 0, and keeps what was counted already', () => {
    const meter = new Meter([], []);
    meter.sunk('chat', 'rejected', 2);
    const rule = { id: 'r', name: 'R', severity: 'high', author: 'a', licence: 'l', tags: [], covers: [] } as const;
    expectCounts(meter, { rules: [rule], sinks: [{ name: 'chat' }] });
    const readings = meter.readings({ events: log, findings: log });
    expect(readings.findings()).to.deep.include({ value: 0, labels: { rule: 'r', severity: 'high' } });
    expect(readings.findings()).to.deep.include({ value: 0, labels: { rule: 'auditveil.log-gap', severity: 'high' } });
    expect(readings.sinkRecords()).to.have.deep.members([
      { value: 2, labels: { sink: 'chat', result: 'rejected' } },
      { value: 0, labels: { sink: 'chat', result: 'delivered' } },
      { value: 0, labels: { sink: 'chat', result: 'skipped' } },
    ]);
    expect(meter.findings).to.equal(0);
  });
});
