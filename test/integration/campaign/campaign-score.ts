import type { AttackStep, Step } from './step.ts';

/** A finding, as far as the score needs it. */
export interface Found {
  readonly rule: { readonly name: string; readonly severity: string; readonly covers: readonly string[] };
  readonly event: { readonly auditID?: string; readonly user?: string };
  readonly episode?: object;
  readonly evidence?: object;
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
  /** Findings of severity high or more that are about something else than the labels. */
  readonly besides: readonly string[];
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
  const besides = found
    .filter(({ rule }) => rank(rule.severity) >= rank('high') && !rule.covers.some((row) => rows.includes(row)))
    .map(({ rule }) => rule.name);
  return {
    done,
    isLabelled,
    worst,
    besides,
    names: [...new Set(found.map(({ rule }) => `${rule.name} [${rule.covers.join(' ')}]`))],
  };
}

/**
 * What is wrong with the actors and the evidence of findings: each identity has one pseudonym in all of them, no two share one,
 * and a finding about one event shows what it matched. Identities that log in otherwise than with a token of their own are left out.
 */
export function actorFaults(all: readonly Done[], byAuditId: ReadonlyMap<string, readonly Found[]>): readonly string[] {
  const faults: string[] = [];
  const whoOf = new Map<string, string>();
  const userOf = new Map<string, string>();
  for (const done of all) {
    const { who, token, certificate, what } = done.step;
    for (const { rule, event, episode, evidence } of findingsOf(done, byAuditId)) {
      if (episode === undefined && Object.keys(evidence ?? {}).length === 0) faults.push(`${rule.name}: no evidence (${what})`);
      const user = event.user ?? '';
      if (user === '' || user === 'system:anonymous' || token !== undefined || certificate !== undefined) continue;
      if ((whoOf.get(user) ?? who) !== who) faults.push(`${rule.name}: ${who} and ${whoOf.get(user)} are ${user}`);
      if ((userOf.get(who) ?? user) !== user) faults.push(`${rule.name}: ${who} is ${user} and ${userOf.get(who)}`);
      whoOf.set(user, who);
      userOf.set(who, user);
    }
  }
  return faults;
}
