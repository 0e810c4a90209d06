import { expect } from 'chai';
import type { Manifest } from '../../src/export/manifest.ts';
import { reportPage } from '../../src/export/report-page.ts';

const hostile = '<script>alert(1)</script>"\'&';
const manifest: Manifest = {
  ...{ format: 'auditveil.export/1', made: hostile, by: hostile, tool: { name: hostile, version: hostile }, framework: hostile },
  ...{
    query: { since: hostile, until: hostile },
    clusters: [hostile],
    holds: [{ name: hostile, since: hostile, by: hostile, created: hostile }],
    retention: { since: hostile, preset: hostile, events: {}, findings: {} },
    policies: [hostile],
    keyEpochs: [hostile],
    rules: [hostile],
    findingsByRule: [{ rule: hostile, name: hostile, severity: hostile, findings: 1 }],
  },
  counts: {
    ...{
      recordsRead: 3,
      eventsExported: 1,
      findingsExported: 1,
      notesExported: 1,
      reviews: 1,
      accesses: 1,
      stubs: 0,
      truncated: 0,
      derived: 0,
    },
    ...{ findingsBySeverity: { [hostile]: 1 }, valuesMasked: { [hostile]: 2 } },
  },
  gaps: [{ finding: hostile, time: hostile, rule: hostile, cause: hostile }],
  days: [{ day: hostile, events: 1, stubs: 0, findings: { [hostile]: 1 }, reviews: 1, rules: 1 }],
  chains: { [hostile]: { digests: 1, root: hostile } },
  files: [{ name: hostile, lines: 1, bytes: 1, sha256: hostile, root: hostile }],
};

const row = { note: hostile, at: hostile, by: hostile, detail: { action: hostile, finding: hostile, text: hostile } };
const people = { reviews: [row], accesses: [row] };

describe('export/report-page', () => {
  it('shows every text as text, and loads nothing', () => {
    const page = reportPage(manifest, people);
    expect(page).not.to.include('<script');
    expect(page.match(/&lt;script&gt;/g)?.length).to.be.greaterThan(12);
    expect(page).to.include("default-src 'none'");
    expect(page).not.to.match(/(?:src|href)=/);
  });

  it('says what an export answers for a framework', () => {
    expect(reportPage({ ...manifest, framework: 'pci' }, people)).to.match(/PCI DSS 4\.0.*10\.2\.1\.3<\/th><td>access/s);
  });
});
