import { expect } from 'chai';
import { traceEngine } from '../../src/pipeline/trace-engine.ts';
import { KeptFinder } from '../../src/pipeline/trace-kept.ts';
import { engineOf, testKeyRing, tileOf } from '../support/inspect-lines.ts';

const pack = `id: own
summary: Marks, except where they are meant to stand.
rules:
  - { id: mark, kind: mark, category: secret, about: Marks., pattern: { expression: 'mark-[0-9]{6}' } }
  - { id: public, kind: mark, category: secret, about: Public ones., keep: { in: '**', members: [public, both] } }
  - { id: known, kind: mark, category: secret, about: Known ones., keep: { in: '**', members: [known, both] } }
examples:
  - { name: a mark, rule: mark, event: { note: mark-123456 }, gone: mark-123456 }
  - { name: none, rule: mark, text: mark, unchanged: true }
  - { name: kept, rule: [public, known], event: { public: mark-123456, known: mark-123456 }, stays: mark-123456, unchanged: true }
  - { name: not kept, rule: [public, known], event: { note: mark-123456 }, gone: mark-123456 }
`;

describe('pipeline/trace-kept', () => {
  it('names the keep rule of each value that would be masked without it, and says where several keep one', () => {
    const engine = engineOf([pack]);
    const text = JSON.stringify({
      note: 'mark-000001',
      public: 'a mark-000002',
      known: 'mark-000003',
      both: 'mark-000004',
      other: 'x',
    });
    const { bytes, starts, ends } = tileOf([text]);
    const [start, end] = [starts[0] ?? 0, ends[0] ?? 0];
    const trace = traceEngine(engine, testKeyRing).trace(bytes, start, end);
    expect(trace.masks.length).to.equal(1);
    const kept = new KeptFinder(engine, testKeyRing).find(bytes, start, end, trace);
    expect(kept.map(({ path, keptBy }) => [path, keptBy])).to.deep.equal([
      ['public', 'public'],
      ['known', 'known'],
      ['both', undefined],
    ]);
    expect(kept.every(({ kind, rule }) => kind === 'mark' && rule === 'mark')).to.equal(true);
  });
});
