import { expect } from 'chai';
import { retentionOf, retentionSchema } from '../../src/config/retention.ts';

const dayMs = 24 * 3_600_000;

describe('config/retention', () => {
  it('takes what is set for the class, then the preset, then what is set for both logs', () => {
    const both = { maxBytes: 5_000_000, maxAgeMs: 7 * dayMs };
    expect(retentionOf(both, 'events')).to.deep.equal(both);
    expect(retentionOf({}, 'findings')).to.deep.equal({});
    const pci = { ...both, retention: { preset: 'pci' as const, findings: { maxBytes: 9_000_000 } } };
    expect(retentionOf(pci, 'events')).to.deep.equal({ keepMs: 90 * dayMs, maxAgeMs: 365 * dayMs, maxBytes: 5_000_000 });
    // Seven days for both logs do not undo what the preset promises.
    expect(retentionOf(pci, 'findings')).to.deep.equal({ keepMs: 365 * dayMs, maxAgeMs: 365 * dayMs, maxBytes: 9_000_000 });
  });

  it('refuses what contradicts itself', () => {
    expect(retentionSchema.safeParse({ events: { keepMs: 2 * dayMs, maxAgeMs: dayMs } }).success).to.equal(false);
    expect(retentionSchema.safeParse({ preset: 'nonsense' }).success).to.equal(false);
    expect(retentionSchema.safeParse({ preset: 'hipaa', events: { maxAgeMs: dayMs } }).success).to.equal(true);
  });
});
