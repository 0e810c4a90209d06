import { severities } from '../core/finding.ts';
import type { Silence } from '../core/review.ts';
import { isSilencedBy, type SilenceableFinding } from '../routing/silence-book.ts';
import type { HistoryView, SaidView, SilenceView } from './api.ts';
import type { FindingRow } from './finding-row.ts';
import type { FindingsView } from './findings-view.ts';

const silenceable = ({ rule, user, namespace }: FindingRow): SilenceableFinding => ({
  rule: { ...rule, severity: severities[rule.severity] ?? 'informational' },
  event: { user, namespace },
});

/** Silences in force, each with the findings of its time that it names: those nobody was told of. */
export async function silencesInForce(view: FindingsView, nowMs: number): Promise<readonly SilenceView[]> {
  const counts = view.silences
    .active(nowMs)
    .map((silence) => ({ silence, sinceMs: Date.parse(silence.at), findings: 0, lastMs: 0 }));
  if (counts.length === 0) return [];
  const names = new Map<string, string>();
  await view.each({}, (row) => {
    names.set(row.rule.id, row.rule.name);
    const finding = silenceable(row);
    for (const one of counts) {
      if (row.timeMs < one.sinceMs || !isSilencedBy(one.silence.match, finding)) continue;
      one.findings++;
      one.lastMs = Math.max(one.lastMs, row.timeMs);
    }
  });
  return counts.map(({ silence, findings, lastMs }) => ({
    ...silence,
    ...namedRule(silence, names),
    findings,
    ...(findings > 0 && { last: new Date(lastMs).toISOString() }),
  }));
}

/** What people said, the newest first: reviews of the findings that are known, silences made and ended. */
export async function historyOf(view: FindingsView, limit: number): Promise<HistoryView> {
  const said: SaidView[] = [];
  const names = new Map<string, string>();
  await view.each({}, ({ id, rule, user, reviews }) => {
    names.set(rule.id, rule.name);
    for (const { at, by, action, text } of reviews)
      said.push({ at, by: nameOf(by), action, finding: { id, rule: rule.name, ...(user !== undefined && { user }) }, text });
  });
  said.push(...view.silenceNotes.map((note) => saidOfSilence(note, names)));
  said.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return { said: said.slice(0, limit), total: said.length };
}

type Names = ReadonlyMap<string, string>;

/** Silences name rules by their id, which people do not know. */
function namedRule({ match }: Silence, names: Names): { readonly ruleName?: string } {
  const name = match.rule === undefined ? undefined : names.get(match.rule);
  return name === undefined ? {} : { ruleName: name };
}

function saidOfSilence(note: Silence, names: Names): SaidView {
  const { at, by, id, match, until, text } = note;
  const isEnd = Date.parse(until) <= Date.parse(at);
  // The note that ends one repeats what was written when it was made.
  const [action, said] = isEnd ? (['end-silence', undefined] as const) : (['silence', text] as const);
  return { at, by: nameOf(by), action, silence: { id, match, until, ...namedRule(note, names) }, text: said };
}

const nameOf = ({ name }: Silence['by']): string | undefined => name;
