import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import type { LossReport } from '../../src/log/loss-report.ts';
import { gapFinding } from '../../src/pipeline/gap-finding.ts';
import { LossSupervision } from '../../src/pipeline/supervise-losses.ts';

const damaged = (segment: number, offset: number, reader?: string): LossReport => ({
  ...{ kind: 'damaged-records', segment, offset, bytes: 100, records: 1 },
  ...(reader === undefined ? {} : { reader }),
});

describe('pipeline/supervise-losses', () => {
  function supervised() {
    const said = { findings: [] as Finding[], notices: [] as string[], counted: 0, isFull: false, isHidden: false, appends: 0 };
    const losses = new LossSupervision({
      config: { cluster: { name: 'c' } },
      identify: (text) => text,
      meter: { lost: () => said.counted++, found: () => undefined },
      clock: { nowMs: () => Date.parse('2026-03-01T00:00:00Z') },
      found: async (findings) => {
        if (said.isHidden) throw new Error('nobody reads');
        said.findings.push(...findings);
      },
      notice: (text) => said.notices.push(text),
    });
    const log = {
      append: async () => {
        said.appends++;
        if (said.isFull) throw new Error('no room');
      },
    };
    return { losses, said, log };
  }

  it('writes a finding that somebody else made, also one that comes while it writes', async () => {
    const { losses, said, log } = supervised();
    const gap = { kind: 'missing', path: 'a.log', from: 1, to: undefined, remedy: 'x' };
    const made = (from: number) =>
      gapFinding({ ...gap, from }, { cluster: 'c', source: 's', nowMs: 1, identify: (text) => text });
    await losses.begin(log);
    losses.add(made(1), 'first');
    losses.add(made(2), 'second');
    await losses.stop();
    expect(said.findings.map(({ evidence }) => evidence['gap.from']?.[0])).to.deep.equal(['1', '2']);
    expect(said.notices).to.deep.equal(['first', 'second']);
  });

  it('makes one finding of what one log lost in one way, with places, sums and a remedy', async () => {
    const { losses, said, log } = supervised();
    losses.report('events', damaged(3, 64));
    losses.report('events', damaged(3, 640, 'sink.out'));
    losses.report('findings', damaged(1, 64));
    losses.report('events', { kind: 'missing-segment', segment: 2, offset: 0, bytes: 0, records: 0 });
    await losses.begin(log);
    await losses.stop();
    expect(said.findings.map(({ id, rule }) => [id, rule.id, rule.severity])).to.deep.equal([
      ['log-loss events damaged-records 3 64', 'auditveil.log-loss', 'high'],
      ['log-loss events missing-segment 2 0', 'auditveil.log-loss', 'high'],
      ['log-loss findings damaged-records 1 64', 'auditveil.log-loss', 'high'],
    ]);
    expect(said.findings[0]?.evidence).to.deep.include({
      'log.place': ['segment 3, byte 64', 'segment 3, byte 640'],
      'log.bytes': ['200'],
      'log.recordsAtLeast': ['2'],
      'log.reader': ['sink.out'],
    });
    expect(said.appends).to.equal(1);
    expect(said.notices).to.have.length(4);
  });

  it('says one place once, however many readers come by, but each reader that was left behind', async () => {
    const { losses, said, log } = supervised();
    await losses.begin(log);
    for (const reader of ['a', 'b', 'c']) {
      losses.report('events', damaged(1, 64, reader));
      losses.report('events', { kind: 'reader-behind', segment: 1, offset: 64, bytes: 0, records: 0, reader });
    }
    await losses.stop();
    expect(said.counted, 'the metric counts all').to.equal(6);
    expect(said.findings.map(({ rule, evidence }) => [rule.id, evidence['log.reader']])).to.deep.equal([
      ['auditveil.log-loss', ['a']],
      ['auditveil.reader-behind', ['a', 'b', 'c']],
    ]);
  });

  it('makes no finding of a tail that was never acknowledged, and names no more than a few of many places', async () => {
    const { losses, said, log } = supervised();
    await losses.begin(log);
    losses.report('events', { kind: 'torn-tail', segment: 1, offset: 9, bytes: 5, records: 0 });
    losses.report('events', { kind: 'zero-tail', segment: 1, offset: 9, bytes: 5, records: 0 });
    await losses.flush();
    expect([said.findings, said.notices, said.counted]).to.deep.equal([[], [], 2]);
    for (let offset = 0; offset < 5000; offset++) losses.report('events', damaged(1, offset));
    await losses.stop();
    expect(said.findings).to.have.length(1);
    expect(said.findings[0]?.evidence['log.places']).to.deep.equal(['5000']);
    expect(said.findings[0]?.evidence['log.place']).to.have.length(16);
  });

  it('keeps what the findings log does not take, and writes it later, once', async () => {
    const { losses, said, log } = supervised();
    said.isFull = true;
    losses.report('events', damaged(1, 64));
    await losses.begin(log);
    await losses.flush();
    expect(said.findings).to.deep.equal([]);
    said.isFull = false;
    await losses.flush();
    await losses.stop();
    expect(said.findings.map(({ id }) => id)).to.deep.equal(['log-loss events damaged-records 1 64']);
  });

  it('writes once what nobody can be shown', async () => {
    const { losses, said, log } = supervised();
    said.isHidden = true;
    losses.report('events', damaged(1, 64));
    await losses.begin(log);
    await losses.flush();
    await losses.stop();
    expect(said.appends).to.equal(1);
  });
});
