import type { Manifest } from './manifest.ts';

export const reportFile = 'report.html';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (mark) => escapes[mark] ?? '');

/** What parts of an export answer, by framework. Source: the frameworks' own texts, as docs/export.md lists them. */
export const frameworks = {
  pci: 'PCI DSS 4.0: 10.2.1, 10.2.2 (events), 10.2.1.3 (notes: who read or exported), 10.3.4 (signatures), 10.4.1.1 (findings), 10.7 (gaps)',
  soc2: 'SOC 2: CC6.1, CC7.2, CC7.3 (findings); completeness and accuracy: query, counts that add up, sums of files',
  hipaa: 'HIPAA: 164.312(b) (events, findings), 164.312(c)(2) (signatures)',
  iso27001: 'ISO/IEC 27001:2022: A.8.11 (masking), A.8.15 (logs), A.8.16 (findings), A.5.28 (evidence)',
  nist: 'NIST SP 800-53 r5: AU-2, AU-3, AU-3(3) (masking), AU-5 (gaps), AU-6 (findings), AU-9(3) (signatures), AU-10, AU-12',
} as const;
export type Framework = keyof typeof frameworks;

type Row = readonly [string, string | number];

/** One page that an auditor can read and print: no script, nothing from elsewhere. Every text in it is escaped. */
export function reportPage(manifest: Manifest): string {
  const { counts, query, tool, framework } = manifest;
  const about: Row[] = [
    ['Clusters', manifest.clusters.join(', ') || 'none'],
    ['Asked for', `received from ${query.since ?? 'the beginning'} until ${query.until ?? 'the end'}`],
    ['First and last event received', `${manifest.firstReceived ?? 'none'} – ${manifest.lastReceived ?? 'none'}`],
    ['Made', `${manifest.made} by ${manifest.by}, ${tool.name} ${tool.version}`],
    ['Masking policies', manifest.policies.join('; ') || 'none'],
    ['Key epochs (keys are not in the export)', manifest.keyEpochs.join(', ') || 'none'],
    ['Rules in force', manifest.rules.length],
  ];
  if (framework !== undefined) about.push(['Framework', frameworks[framework as Framework] ?? framework]);
  const sums: Row[] = [
    ['Records read', counts.recordsRead],
    ['= events', counts.eventsExported],
    ['+ findings', counts.findingsExported],
    ['+ notes (our own audit)', counts.notesExported],
    ['of the events: held back, could not be masked safely', counts.stubs],
    ['of the events: bodies removed by kube-apiserver', counts.truncated],
    ['of the events: rebuilt from the shape of a cloud', counts.derived],
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>Audit log export, ${escapeText(manifest.clusters.join(', '))}</title>`,
    `<style>${style}</style>`,
    '<h1>Audit log export</h1>',
    table('What this is', about),
    table('Counts', sums),
    table('Findings by severity', Object.entries(counts.findingsBySeverity)),
    table(
      'Values masked, by kind',
      Object.entries(counts.valuesMasked).sort(([, a], [, b]) => b - a),
    ),
    table(
      'What is missing: gaps, losses, silence',
      manifest.gaps.map(({ time, rule, finding }) => [time, `${rule} (finding ${finding})`]),
    ),
    table(
      'Digests of the logs at the time of the export',
      Object.entries(manifest.chains).map(([log, { digests, root }]) => [log, `${digests} digests, Merkle root ${root}`]),
    ),
    table(
      'Files',
      manifest.files.map(({ name, lines, bytes, sha256 }) => [name, `${lines} lines, ${bytes} bytes, SHA-256 ${sha256}`]),
    ),
    '<h2>How to verify</h2>',
    '<p>With the public key of the agent, from where you trust it, not from this folder:</p>',
    '<pre>auditveil verify FOLDER --pubkey signing.pub.pem</pre>',
    '<p>The signature in <code>manifest.sig</code> is over the bytes of <code>manifest.json</code> (Ed25519); the manifest has the SHA-256 of every other file.</p>',
    '</html>',
    '',
  ].join('\n');
}

function table(title: string, rows: readonly Row[]): string {
  const body = rows.map(([name, value]) => `<tr><th>${escapeText(name)}</th><td>${escapeText(String(value))}</td></tr>`);
  const content = body.length > 0 ? `<table>\n${body.join('\n')}\n</table>` : '<p>None.</p>';
  return `<h2>${escapeText(title)}</h2>\n${content}`;
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.1rem;margin:1.8rem 0 .4rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;border-bottom:1px solid #ddd;padding:.25rem .6rem .25rem 0;overflow-wrap:anywhere}
th{font-weight:500;width:36%}pre{background:#f3f3f3;padding:.6rem}@media print{body{margin:0}}`;
