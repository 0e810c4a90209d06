import { expect } from 'chai';
import type { Manifest } from '../../src/export/manifest.ts';
import { keeping } from '../../src/export/report-keeping.ts';

const dayMs = 86_400_000;
const pageOf = (manifest: Partial<Manifest>): string =>
  keeping({ holds: [], ...manifest } as Manifest)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('export/report-keeping', () => {
  it('says for each class how long it is kept', () => {
    const page = pageOf({
      retention: {
        since: '2026-05-04T09:00:00.000Z',
        preset: 'pci',
        events: { keepMs: 90 * dayMs, maxAgeMs: 365 * dayMs, maxBytes: 21_474_836_480 },
        findings: { maxAgeMs: 3_600_000 },
      },
    });
    expect(page).to.include('Events 90 days at least, 365 days at most, up to 21.5 GB');
    expect(page).to.include('our own audit 1 hour at most');
    expect(page).to.include('Preset pci In force since 2026-05-04 09:00:00');
    expect(page).to.include('No legal holds.');
  });

  it('says what is not known, and what is kept without an end', () => {
    expect(pageOf({})).to.include('not known');
    const unbounded = { since: '2026-05-04T09:00:00.000Z', events: { keepMs: 0 }, findings: {} };
    expect(pageOf({ retention: unbounded })).to.include('Events without a limit: nothing is deleted');
  });

  it('names holds with who made them, as text', () => {
    const holds = [{ name: '<ACME>', since: '2026-05-01T00:00:00Z', created: '2026-05-04T09:00:00Z', by: 'root' }];
    const page = pageOf({ holds });
    expect(page).to.match(/ACME\S+ 2026-05-01 00:00:00 released 2026-05-04 09:00:00 root/);
    expect(keeping({ holds } as unknown as Manifest)).to.include('&lt;ACME&gt;');
  });
});
