import type { ApiserverCounts } from '../core/apiserver-counts.ts';
import type { EventRowView, TopColumn } from '../core/event-store.ts';
import type { Finding, RuleInfo, Severity } from '../core/finding.ts';
import type { Review, ReviewState, Silence } from '../core/review.ts';

/**
 * The API that the page, `auditveil tail --server` and programs of users talk to: JSON over HTTP below `/api/v1`. Types only;
 * docs/api.md has the calls. Everything else that is asked for is a file of the page: the files that lie in dist/web itself, `/` is index.html. Everything in it comes from masked bytes.
 */

/** auditor: reads everything. analyst: also reviews findings and silences. */
export type ApiRole = 'auditor' | 'analyst';

/**
 * POST /session: takes the token of the printed link, or one that was given out, and answers with a SessionView and a cookie
 * (HttpOnly, SameSite=Strict), which the page then lives on. DELETE /session ends it. Programs send `Authorization: Bearer` instead.
 */
export interface LoginRequest {
  readonly token: string;
}

/** Header of POST and DELETE under a cookie: `SessionView.csrf`. POST /session and bearer tokens need none. */
export type CsrfHeader = 'x-auditveil-csrf';

/** GET /session */
export interface SessionView {
  readonly name: string;
  readonly role: ApiRole;
  readonly cluster: string;
  readonly version: string;
  /** For `CsrfHeader`; absent where the caller came with a bearer token. */
  readonly csrf?: string;
}

/** A finding in its last revision, with what people said about it. */
export interface FindingItem {
  readonly finding: Finding;
  readonly state: ReviewState;
  /** Id of the silence it falls under now. */
  readonly silence?: string;
  readonly lastReview?: Review;
}

/** Query of GET /findings and GET /stream; everything is optional. Times are RFC 3339 or milliseconds. */
export interface FindingQuery {
  readonly since?: string;
  readonly until?: string;
  readonly severity?: Severity;
  readonly state?: ReviewState;
  readonly rule?: string;
  readonly user?: string;
  readonly namespace?: string;
  readonly tag?: string;
  readonly humans?: 'true';
  /** Looked for in rule, actor, object, addresses and command. */
  readonly text?: string;
  readonly limit?: string;
  /** `next` of the page before. */
  readonly before?: string;
}

/** GET /findings: newest first. `total` counts what the query finds. */
export interface FindingsPage {
  readonly items: readonly FindingItem[];
  readonly total: number;
  readonly next?: string;
  /** GET /stream with `from` of this value (or Last-Event-ID) sends everything that changed since this answer. */
  readonly position: string;
}

/** GET /findings/ID */
export interface FindingDetail {
  readonly item: FindingItem;
  readonly revisions: readonly Finding[];
  readonly reviews: readonly Review[];
  /** The masked event as it stands in the log; absent where it is not kept any more. */
  readonly event?: string;
  /** Of the same actor, five minutes before to five after. */
  readonly around: readonly EventRowView[];
}

/** POST /findings/ID/reviews */
export interface ReviewRequest {
  readonly action: Review['action'];
  readonly text?: string;
}

/** POST /silences; answers with the Silence. DELETE /silences/ID ends it. */
export type SilenceRequest = Pick<Silence, 'match' | 'until' | 'text'>;

/** GET /silences: those in force. */
export interface SilenceView extends Silence {
  /** Of the rule it names, where a finding of it is known. */
  readonly ruleName?: string;
  /** Findings since it was made that fall under it, of those that are known. */
  readonly findings: number;
  /** Time of the last of them, RFC 3339. */
  readonly last?: string;
}

/** Something that somebody said. */
export interface SaidView {
  readonly at: string;
  readonly by: string | undefined;
  readonly action: Review['action'] | 'silence' | 'end-silence';
  /** Of a review. */
  readonly finding?: { readonly id: string; readonly rule: string; readonly user?: string };
  /** Of a silence. */
  readonly silence?: Pick<SilenceView, 'id' | 'match' | 'until' | 'ruleName'>;
  readonly text: string | undefined;
}

/** GET /reviews: what people said, the newest first: reviews of the findings that are known, silences made and ended. */
export interface HistoryView {
  readonly said: readonly SaidView[];
  readonly total: number;
}

/** Query of GET /events, /events/series, /events/top and /events/heat: an EventFilter as text. Times as in FindingQuery. */
export interface EventQuery {
  readonly since?: string;
  readonly until?: string;
  readonly user?: string;
  readonly verb?: string;
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly sourceIp?: string;
  readonly code?: string;
  readonly humans?: 'true';
  readonly text?: string;
  /** Of /events: rows of a page, and `next` of the page before. Of /events/top and /events/heat: rows. */
  readonly limit?: string;
  readonly before?: string;
  /** Of /events/series and /findings/series. */
  readonly stepMs?: string;
  /** Of /events/top. */
  readonly column?: TopColumn;
  /** Of /events/heat: with what each actor did in so many days before `since`. */
  readonly usualDays?: string;
}

/** GET /events/DIGEST */
export interface EventText {
  /** As it stands in the log. */
  readonly event: string;
}

/** GET /findings/series with `since`, `until` and `stepMs`. */
export interface FindingSeries {
  readonly stepMs: number;
  /** Starts of steps; all lists are as long. */
  readonly times: readonly number[];
  readonly bySeverity: Readonly<Record<Severity, readonly number[]>>;
  /** Where something is known to be missing, or no agent ran. */
  readonly gaps: readonly { readonly sinceMs: number; readonly untilMs: number; readonly note: string }[];
}

/** GET /rules: those of this agent's profile. */
export interface RuleSummary {
  readonly rule: RuleInfo;
  /** Of the findings that are known (GET /findings). */
  readonly findings: number;
  /** Time of the last of them, RFC 3339. */
  readonly last?: string;
}

/** GET /rules/ID */
export interface RuleDetail {
  readonly rule: RuleInfo;
  /** As it stands in its file, with its examples. */
  readonly text: string;
  readonly findings: number;
  /** Findings of the last 30 days, the last one is the day up to now. */
  readonly days: readonly number[];
  /** In force, and naming this rule. */
  readonly silences: readonly Silence[];
}

/** GET /rules/ID/backtest: over the whole events log, by the matches that were kept; takes seconds to minutes, then it is kept for a while. */
export interface RuleBacktest {
  readonly at: string;
  readonly rule: string;
  readonly events: number;
  /** Event time of the first and the last event, RFC 3339. */
  readonly first?: string;
  readonly last?: string;
  readonly findings: number;
  /** What is left when repeats are rolled up. */
  readonly rolledUp: number;
  /** The log is older than the rule: it was asked of masked events, where masked values compare with nothing. */
  readonly askedOfMasked: boolean;
  /** By hour of event time, `2026-05-04T09`. */
  readonly byHour: Readonly<Record<string, number>>;
  readonly topPrincipals: readonly { readonly principal: string; readonly findings: number }[];
}

/** GET /posture: recommended practices, as far as the events log shows; kept for a while like backtests. */
export interface PostureView {
  readonly at: string;
  readonly from?: string;
  readonly to?: string;
  readonly events: number;
  readonly unread: number;
  readonly givenUp: number;
  readonly serverMinor?: number;
  readonly practices: readonly {
    readonly id: string;
    readonly title: string;
    readonly why: string;
    readonly remedy: string;
    readonly needs: string;
    /** `unseen`: the log cannot show it. `none`: looked at, nothing found. */
    readonly status: 'found' | 'none' | 'unseen';
    readonly looked: number;
    readonly count: number;
    readonly examples: readonly { readonly what: string; readonly note?: string; readonly who?: string; readonly at?: string }[];
    readonly blind?: string;
  }[];
}

/** Something known to be missing: a finding about this program. */
export interface GapView {
  /** Id of the finding. */
  readonly finding: string;
  readonly time: string;
  readonly rule: string;
  readonly about: string;
  /** Name of the source, or of the log. */
  readonly source: string;
  readonly bytes?: number;
}

/** GET /completeness: by source, and by kube-apiserver where the configuration names some; newest gaps first. */
export interface CompletenessView {
  readonly at: string;
  readonly sources: readonly {
    readonly name: string;
    readonly events: number;
    readonly lagMs: number | undefined;
    readonly gaps: number;
    readonly missingBytes: number;
  }[];
  readonly apiservers: readonly ApiserverCounts[];
  readonly gaps: readonly GapView[];
}

/** How the process is: sent each second on the stream, and GET /status. */
export interface StatusView {
  readonly at: string;
  /** Whether an agent runs in this process, elsewhere on the same data folder (its counts are not known here then), or nowhere; `unknown` where its lock cannot be read. */
  readonly agent: 'here' | 'elsewhere' | 'none' | 'unknown';
  readonly eventsPerSecond: number;
  readonly lagMs: number | undefined;
  readonly totals: {
    readonly events: number;
    readonly findings: number;
    readonly masked: number;
    readonly stubs: number;
    readonly refused: number;
    readonly dropped: number;
  };
  readonly logBytes: { readonly events: number; readonly findings: number };
  readonly sinks: readonly { readonly name: string; readonly state: string; readonly behind: number }[];
  /** For each source: how far it is, and what is known to be missing. */
  readonly sources: readonly {
    readonly name: string;
    readonly events: number;
    readonly lagMs: number | undefined;
    /** Gaps that are known; `note` says more. */
    readonly missing: number;
    readonly note?: string;
  }[];
  /** What /readyz complains about. */
  readonly problems: readonly string[];
}

/**
 * GET /stream: server-sent events. `event: finding` with a FindingItem (new, revised or reviewed), `event: silence` with a Silence,
 * `event: status` with a StatusView. `id` of an event continues the stream (Last-Event-ID, or `from` in the query) without loss: what a
 * client missed comes in its last state, some of it perhaps twice. `event: reset` (with an empty object): too much changed
 * since then, ask GET /findings anew.
 */
export interface StreamEvents {
  readonly finding: FindingItem;
  readonly silence: Silence;
  readonly status: StatusView;
  readonly reset: Readonly<Record<string, never>>;
}

/** Of every call that failed: status 4xx or 5xx. */
export interface ApiError {
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string };
}
