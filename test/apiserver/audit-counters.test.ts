import { expect } from 'chai';
import { auditCounters, countedTogether } from '../../src/apiserver/audit-counters.ts';
import { Metrics } from '../../src/apiserver/read-metrics.ts';

const countersOf = (...lines: readonly string[]) => auditCounters(new Metrics(lines.join('\n'), 0));

describe('apiserver/audit-counters', () => {
  it('reads what a kube-apiserver says of its auditing', () => {
    const counters = countersOf(
      ...['apiserver_audit_event_total 7', 'apiserver_audit_error_total{plugin="webhook"} 3'],
      ...['apiserver_audit_error_total{plugin="log"} 0', 'apiserver_audit_requests_rejected_total 2'],
      'process_start_time_seconds 1.7e+09',
    );
    expect(counters).to.deep.equal({ counted: 7, startedMs: 1.7e12, lost: new Map([['webhook', 3]]), refused: 2 });
    expect(countersOf('up 1')).to.deep.equal({ counted: undefined, startedMs: undefined, lost: new Map(), refused: 0 });
  });

  it('says no word of an answer that kube-apiserver has not: it may be anybody, who repeats what was sent', () => {
    const { lost } = countersOf(
      ...['apiserver_audit_error_total{plugin="Bearer planted"} 3', 'apiserver_audit_error_total{plugin="planted\u001b[2J"} 4'],
      'apiserver_audit_error_total{plugin="buffered"} 1',
    );
    expect([...lost]).to.deep.equal([
      ['other', 7],
      ['buffered', 1],
    ]);
  });

  it('adds up several, where each of them says it', () => {
    const [one, two] = [countersOf('apiserver_audit_event_total 7'), countersOf('apiserver_audit_event_total 0')];
    expect(countedTogether([one, two, one])).to.equal(14);
    expect(countedTogether([one, countersOf('up 1')])).to.equal(undefined);
    expect(countedTogether([undefined, one])).to.equal(undefined);
  });
});
