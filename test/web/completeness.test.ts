import { expect } from 'chai';
import { builtinRules } from '../../src/findings/builtin.ts';
import type { StatusView } from '../../src/web/api.ts';
import { completenessOf } from '../../src/web/completeness.ts';
import { FindingsView } from '../../src/web/findings-view.ts';
import { makeFinding } from '../support/web-fixture.ts';

const at = { segment: 1, offset: 0 };
const status = { at: 'now', sources: [{ name: 'audit', events: 7, lagMs: 5, missing: 0 }] } as unknown as StatusView;

describe('web/completeness', () => {
  it('adds up what is known to be missing of each source, also of one that is gone', async () => {
    const view = new FindingsView({ nowMs: Date.now }, 100);
    const gap = (number: number, source: string, from: string, to: string) =>
      makeFinding(number, {
        rule: builtinRules.logGap,
        evidence: { 'gap.source': [source], 'gap.from': [from], 'gap.to': [to] },
      });
    for (const finding of [gap(1, 'audit', '100', '350'), gap(2, 'audit', '0', 'unknown'), gap(3, 'old', '0', '10')])
      view.found(finding, at, at);
    view.found(makeFinding(4), at, at);
    const { sources, gaps } = await completenessOf(view, status);
    expect(sources).to.deep.equal([
      { name: 'audit', events: 7, lagMs: 5, gaps: 2, missingBytes: 250 },
      { name: 'old', events: 0, lagMs: undefined, gaps: 1, missingBytes: 10 },
    ]);
    expect(gaps.map(({ finding }) => finding)).to.deep.equal(['f000003', 'f000002', 'f000001']);
  });
});
