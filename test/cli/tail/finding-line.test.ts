import { expect } from 'chai';
import fc from 'fast-check';
import { columnsOf } from '../../../src/cli/printable.ts';
import { fitLine, lineText } from '../../../src/cli/styled-line.ts';
import { findingLine } from '../../../src/cli/tail/finding-line.ts';
import { shortMasks, shortUser, shortWhat, spanOf } from '../../../src/cli/tail/finding-parts.ts';
import { ZoneClock } from '../../../src/cli/zone-clock.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { aFinding, pseudonym } from './a-finding.ts';

const clock = new ZoneClock('UTC');
const shown = (finding: Finding, columns?: number): string => {
  const line = findingLine(finding, { columns, clock, today: '2026-05-04' });
  return lineText(columns === undefined ? line : fitLine(line, columns));
};
const episode = { id: 'e', count: 14, first: '2026-05-04T09:14:00Z', last: '2026-05-04T09:15:00Z', group: {} };

describe('cli/tail/finding-line', () => {
  it('says when, how bad, what rule, who, whether it was allowed and what was done, in 80 columns', () => {
    expect(shown(aFinding(), 80)).to.equal('09:14:22 HIGH Secret read               user~3f2a91bc 200 get secrets db -n shop');
    expect(shown(aFinding({ episode }), 80)).to.match(/^09:14:22 HIGH Secret read +user~3f2a91bc 200 x14 get secrets db -n…$/);
  });

  it('says it whole where nothing has to fit', () => {
    expect(shown(aFinding({ episode }))).to.equal(
      `2026-05-04 09:14:22Z HIGH Secret read                               ${pseudonym}  ~203.0.113.7  shop  200  kubectl get secrets db -n shop  x14 in 60s`,
    );
    expect(shown(aFinding({ time: '2026-05-03T09:14:22Z' }), 80)).to.match(/^05-03 09:14:22 HIGH /);
  });

  it('says what it can of a finding without an event', () => {
    const event = { user: undefined, verb: undefined, resource: undefined, namespace: undefined, name: undefined };
    const bare = aFinding({ event: { ...event, sourceIPs: [], code: undefined, intent: undefined } as never });
    expect(shown(bare, 80)).to.match(/HIGH Secret read +- +- +-$/);
  });

  it('fits every width, whatever a finding holds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 1, max: 220 }), (name, user, intent, columns) => {
        const line = shown(aFinding({ rule: { name }, event: { user, intent } }), columns);
        expect(columnsOf(line)).to.be.at.most(columns);
        expect(line).not.to.match(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it('shortens what everybody knows', () => {
    expect(shortMasks(`a ${pseudonym} b [MASKED:password]`)).to.equal('a user~3f2a91bc b [password]');
    expect(shortUser('system:serviceaccount:shop:web')).to.equal('shop/web');
    expect(shortUser('system:anonymous')).to.equal('anonymous');
    expect(shortUser('system:kube-scheduler')).to.equal('system:kube-scheduler');
    expect(shortWhat('kubectl get pods -A')).to.equal('get pods -A');
    expect(shortWhat('curl, like kubectl get pods -A')).to.equal('get pods -A (curl)');
    expect(shortWhat('helm list')).to.equal('helm list');
    expect([400, 1_500, 119_000, 120_000, 7_200_000, 172_800_000, Number.NaN].map(spanOf)).to.deep.equal([
      '',
      '2s',
      '119s',
      '2m',
      '2h',
      '2d',
      '',
    ]);
  });
});
