import { severities } from '../core/finding.ts';
import { type Framework, frameworks } from './frameworks.ts';
import type { Manifest } from './manifest.ts';
import type { NoteRow } from './note-tables.ts';
import { keeping } from './report-keeping.ts';
import { type Cell, escapeText, figures, grid, pairs, section, timeText } from './report-parts.ts';
import { reportStyle } from './report-style.ts';

export const reportFile = 'report.html';

/** What people did, for the report. */
export interface People {
  readonly reviews: readonly NoteRow[];
  readonly accesses: readonly NoteRow[];
}

/** One page that an auditor can read and print: no script, nothing from elsewhere. Every text in it is escaped. */
export function reportPage(manifest: Manifest, people: People): string {
  const { clusters, framework, tool } = manifest;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">',
    `<title>Audit log export, ${escapeText(clusters.join(', '))}</title>`,
    `<style>${reportStyle}</style>`,
    header(manifest),
    keyFigures(manifest),
    framework === undefined ? '' : answers(framework),
    ...contents(manifest),
    ...peopleSections(manifest, people),
    ...sums(manifest),
    // On paper they stay together: a page for a footer alone helps nobody.
    `<section class="end">${verifying}`,
    `<footer>${escapeText(`${tool.name} ${tool.version}. All values shown are masked ones. Times are UTC.`)}</footer></section>`,
    '</html>',
    '',
  ].join('\n');
}

const graveFirst = [...severities].reverse();

function keyFigures({ counts, gaps }: Manifest): string {
  return figures([
    [counts.eventsExported, 'events'],
    [counts.findingsExported, 'findings'],
    [counts.reviews, 'reviews by people'],
    [counts.accesses, 'accesses to the logs'],
    [Object.values(counts.valuesMasked).reduce((sum, count) => sum + count, 0), 'values masked'],
    [gaps.length, 'gaps known'],
  ]);
}

function contents(manifest: Manifest): readonly string[] {
  const dayHead = ['Day', '#Events', '#Held back', ...graveFirst.map((name) => `#${name}`), '#Reviews', '#Rules in force'];
  return [
    section(
      'What was asked for, and what is here',
      'The records read are exactly those exported: the counts add up.',
      pairs(about(manifest)),
    ),
    section(
      'Daily review',
      'Rules look at every event as it comes, on each day (UTC) of the export. Numbers of findings include all their revisions.',
      grid(dayHead, days(manifest, graveFirst)),
    ),
    section('Findings by severity', '', grid(['Severity', '#Findings', ''], bars(manifest, graveFirst))),
    section(
      'Findings by rule',
      `${manifest.rules.length} rules looked at the events of this export; their ids are in manifest.json. These found something.`,
      grid(['Rule', 'Severity', '#Findings'], ruleRows(manifest)),
    ),
  ];
}

function peopleSections({ counts, gaps }: Manifest, { reviews, accesses }: People): readonly string[] {
  return [
    section(
      'What people said about findings',
      counts.reviews > reviews.length ? `The last ${reviews.length}; all are in reviews.jsonl.` : '',
      grid(['When (UTC)', 'Who', 'What', 'Finding or silence', 'Text'], reviews.map(reviewCells)),
    ),
    section(
      'Who read, asked for or exported audit data',
      counts.accesses > accesses.length ? `The last ${accesses.length}; all are in access.jsonl.` : '',
      grid(['When (UTC)', 'Who', 'What', 'Detail'], accesses.map(accessCells)),
    ),
    section(
      'What is missing',
      'Gaps of a source, losses of a log, silence where events were expected.',
      grid(
        ['When (UTC)', 'Kind', 'Cause', 'Finding'],
        gaps.map(({ time, rule, cause, finding }) => [{ time }, rule, cause, { code: finding }]),
      ),
    ),
  ];
}

function sums(manifest: Manifest): readonly string[] {
  return [
    keeping(manifest),
    section('Masking', '', pairs(masking(manifest)) + grid(['Kind of value', '#Masked'], maskedKinds(manifest))),
    section(
      'Files',
      'Sums (SHA-256) as they were signed.',
      grid(['File', '#Lines or rows', '#Bytes', 'SHA-256'], files(manifest)),
    ),
    section(
      'Digests of the logs',
      'How far the chains of signed digests had come.',
      grid(['Log', '#Digests', 'Merkle root'], chains(manifest)),
    ),
  ];
}

function header({ clusters, query, made, by }: Manifest): string {
  const from = query.since === undefined ? 'the beginning of the log' : timeText(query.since);
  const to = query.until === undefined ? 'the time of the export' : timeText(query.until);
  return `<header>
<h1>Audit log export: ${escapeText(clusters.join(', ') || 'no cluster')}</h1>
<p>Received from ${escapeText(from)} until ${escapeText(to)}. Exported ${escapeText(timeText(made))} UTC by ${escapeText(by)}.</p>
</header>`;
}

function answers(framework: string): string {
  const known = frameworks[framework as Framework] as (typeof frameworks)[Framework] | undefined;
  if (!known) return `<h2>${escapeText(framework)}</h2>`;
  return `<h2>${escapeText(known.title)}: where to look</h2>\n${grid(['Requirement', 'Answered by'], known.answers)}`;
}

type Pair = readonly [string, Cell];

function about({ counts, firstReceived, lastReceived }: Manifest): readonly Pair[] {
  return [
    ['First event received', { time: firstReceived ?? 'none' }],
    ['Last event received', { time: lastReceived ?? 'none' }],
    ['Records read from the logs', counts.recordsRead],
    ['= events', counts.eventsExported],
    ['+ findings, with their revisions', counts.findingsExported],
    ['+ notes, our own audit', counts.notesExported],
    ['Events held back, as they could not be masked safely', counts.stubs],
    ['Events whose bodies kube-apiserver removed', counts.truncated],
    ['Events rebuilt from the shape of a cloud', counts.derived],
  ];
}

function days({ days: all }: Manifest, names: readonly string[]): readonly (readonly Cell[])[] {
  return all.map(({ day, events, stubs, findings, reviews, rules }) => [
    { time: day },
    ...[events, stubs, ...names.map((name) => findings[name] ?? 0), reviews, rules],
  ]);
}

function bars({ counts }: Manifest, names: readonly string[]): readonly (readonly Cell[])[] {
  const found = names.filter((name) => (counts.findingsBySeverity[name] ?? 0) > 0);
  const most = Math.max(1, ...Object.values(counts.findingsBySeverity));
  return found.map((name) => {
    const count = counts.findingsBySeverity[name] ?? 0;
    return [name, count, { bar: (count / most) * 100, kind: name }];
  });
}

/** Rules that a report shows; all are in the manifest. */
const shownRules = 100;

function ruleRows({ findingsByRule }: Manifest): readonly (readonly Cell[])[] {
  return findingsByRule.slice(0, shownRules).map(({ name, severity, findings }) => [name, severity, findings]);
}

const textOf = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

function reviewCells({ note, at, by, detail }: NoteRow): readonly Cell[] {
  const what = textOf(detail['action'] ?? note);
  return [{ time: at }, by, what, { code: textOf(detail['finding'] ?? detail['match']) }, textOf(detail['text'])];
}

function accessCells({ note, at, by, detail }: NoteRow): readonly Cell[] {
  const told = Object.entries(detail).map(([name, value]) => `${name}: ${textOf(value)}`);
  return [{ time: at }, by, note, told.join(', ')];
}

function masking({ policies, keyEpochs }: Manifest): readonly Pair[] {
  return [
    ['Policies in force', policies.join('; ') || 'none'],
    ['Key epochs', keyEpochs.join(', ') || 'none'],
    ['Keys', 'never part of an export'],
  ];
}

function maskedKinds({ counts }: Manifest): readonly (readonly Cell[])[] {
  return Object.entries(counts.valuesMasked).sort(([, a], [, b]) => b - a);
}

function files({ files: all }: Manifest): readonly (readonly Cell[])[] {
  return all.map(({ name, lines, rows, bytes, sha256 }) => [name, lines ?? rows ?? 0, bytes, { code: sha256 }]);
}

function chains({ chains: all }: Manifest): readonly (readonly Cell[])[] {
  return Object.entries(all).map(([log, { digests, root }]) => [log, digests, { code: root }]);
}

const verifying = `<h2>How to verify</h2>
<p>With the public key of the agent, from where you trust it, not from this folder; the second way does without this program (<code>docs/verify/verify.py</code> of its sources):</p>
<pre>auditveil verify FOLDER --pubkey signing.pub.pem
python3 verify.py FOLDER --pubkey signing.pub.pem</pre>
<p>The signature in <code>manifest.sig</code> is over the bytes of <code>manifest.json</code> (Ed25519); the manifest has the SHA-256 of every other file.</p>`;
