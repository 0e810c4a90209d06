import type { AttackStep, Step } from './step.ts';

/** A finding, as far as the score needs it. */
export interface Found {
  readonly rule: { readonly name: string; readonly severity: string; readonly covers: readonly string[] };
  readonly event: { readonly auditID?: string };
  readonly episode?: object;
}

export interface Done<S extends Step = Step> {
  readonly step: S;
  readonly status: number;
  readonly auditIds: readonly string[];
}

const order = ['informational', 'low', 'medium', 'high', 'critical'];
export const rank = (severity: string): number => order.indexOf(severity);

/** Findings by the request they are about. An episode is counted with the request that made it appear. */
export function findingsOf(done: Done, byAuditId: ReadonlyMap<string, readonly Found[]>): readonly Found[] {
  return done.auditIds.flatMap((id) => byAuditId.get(id) ?? []);
}

export function indexFindings(findings: readonly Found[]): ReadonlyMap<string, readonly Found[]> {
  const byAuditId = new Map<string, Found[]>();
  for (const found of findings) {
    const id = found.event.auditID ?? '';
    byAuditId.set(id, [...(byAuditId.get(id) ?? []), found]);
  }
  return byAuditId;
}

export interface Verdict {
  readonly done: Done<AttackStep>;
  /** A finding of one of the rows it was labelled with. */
  readonly isLabelled: boolean;
  /** The most severe finding about it. */
  readonly worst: Found | undefined;
  readonly names: readonly string[];
}

/** Who an episode is about, and a row that it covers. */
const mark = (who: string, row: string): string => `${who} ${row}`;

/** Rows of episodes by identity: an episode is reported with the request that completed it, and the steps before it belong to it. */
export function episodeRows(
  attack: readonly Done<AttackStep>[],
  byAuditId: ReadonlyMap<string, readonly Found[]>,
): ReadonlySet<string> {
  return new Set(
    attack.flatMap((done) =>
      findingsOf(done, byAuditId)
        .filter(({ episode }) => episode !== undefined)
        .flatMap(({ rule }) => rule.covers.map((row) => mark(done.step.who, row))),
    ),
  );
}

/** What was found of a step. */
export function judge(
  done: Done<AttackStep>,
  byAuditId: ReadonlyMap<string, readonly Found[]>,
  episodes: ReadonlySet<string>,
): Verdict {
  const { rows, who } = done.step;
  const found = findingsOf(done, byAuditId);
  const isLabelled =
    rows.some((row) => episodes.has(mark(who, row))) || found.some(({ rule }) => rule.covers.some((row) => rows.includes(row)));
  const worst = found.toSorted((a, b) => rank(b.rule.severity) - rank(a.rule.severity))[0];
  return { done, isLabelled, worst, names: [...new Set(found.map(({ rule }) => `${rule.name} [${rule.covers.join(' ')}]`))] };
}
