import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientAccess } from '../apiserver/ask.ts';
import { type AuditCounters, auditCounters, countedTogether, noCounter } from '../apiserver/audit-counters.ts';
import { type Metrics, readMetrics } from '../apiserver/read-metrics.ts';
import type { Config } from '../config/schema.ts';
import { ago } from './check-file-source.ts';
import { Checking, type CheckResult } from './check-result.ts';
import { countEvents, type EventCount } from './count-events.ts';

export interface CompletenessLook {
  readonly urls: readonly string[];
  readonly access: ClientAccess;
  /** What kube-apiserver had counted must be in the log after this: it sends a batch every 30 s at least. */
  readonly waitMs: number;
  readonly nowMs: () => number;
}

const clockWarningMs = 5_000;

/** What kube-apiserver's own counters of errors mean, by the part that failed. */
const errorRemedies: Readonly<Record<string, string>> = {
  webhook:
    'Batches were given up after all tries: the receiver was away or refused them for too long. Longer: --audit-webhook-initial-backoff.',
  buffered:
    'Its buffer was full: the receiver was slow or away. Larger: --audit-webhook-batch-buffer-size, --audit-webhook-batch-throttle-qps.',
  log: 'Events could not be written to its audit log: disk full, or one event larger than --audit-log-maxsize.',
  log_batch: 'Events could not be written to its audit log: disk full, or one event larger than --audit-log-maxsize.',
};

/** Compares what the apiservers counted since their start with what is in the log, and shows what they counted as lost. */
export async function checkCompleteness(config: Config, look: CompletenessLook): Promise<readonly CheckResult[]> {
  const checking = new Checking('completeness');
  return checking.from(async () => {
    const pages = await Promise.all(look.urls.map((url) => readMetrics(url, look.access)));
    const counters = pages.map(auditCounters);
    const results = pages.flatMap((page, i) => [
      ...clock(checking, look, page),
      ...losses(checking, page.address, counters[i] as AuditCounters),
    ]);
    return [...results, await compared(checking, config, look, counters)];
  });
}

function clock(checking: Checking, { nowMs }: CompletenessLook, { dateMs, address }: Metrics): readonly CheckResult[] {
  const offMs = dateMs - nowMs();
  if (Number.isNaN(offMs) || Math.abs(offMs) < clockWarningMs) return [];
  const text = `the clock of ${address} is ${ago(Math.abs(offMs))} ${offMs > 0 ? 'ahead' : 'behind'}`;
  return [checking.warning(text, 'Check the time service on both: times of events and windows of rules depend on it.')];
}

function losses(checking: Checking, address: string, { lost, refused }: AuditCounters): readonly CheckResult[] {
  const results = [...lost].map(([part, count]) =>
    checking.failed(
      `${address}: ${count} audit events were lost (apiserver_audit_error_total, ${part})`,
      errorRemedies[part] ?? "kube-apiserver's log says why.",
    ),
  );
  if (refused > 0) {
    const remedy = 'In blocking-strict mode a request fails where its event cannot be kept: find out why the backend failed.';
    results.push(checking.failed(`${address}: ${refused} API requests were refused because of auditing`, remedy));
  }
  return results;
}

async function compared(
  checking: Checking,
  config: Config,
  look: CompletenessLook,
  counters: readonly AuditCounters[],
): Promise<CheckResult> {
  const counted = countedTogether(counters);
  if (counted === undefined) return checking.failed(noCounter.message, noCounter.remedy);
  const starts = counters.map(({ startedMs }) => startedMs);
  if (starts.some((start) => start === undefined))
    return checking.skipped(`${counted} events were counted; since when is not said`);
  const sinceMs = Math.min(...(starts as number[]));
  const request = { directory: `${config.log.directory}/events`, cluster: config.cluster.name, sinceMs };
  let held = await countEvents(request);
  for (const untilMs = look.nowMs() + look.waitMs; held.events < counted && look.nowMs() < untilMs; ) {
    await sleep(1_000);
    held = await countEvents({ ...request, after: held });
  }
  return verdict(checking, counted, held, sinceMs, counters.length);
}

function verdict(checking: Checking, counted: number, held: EventCount, sinceMs: number, servers: number): CheckResult {
  const since = `since ${new Date(sinceMs).toISOString()}`;
  const text = `kube-apiserver counted ${counted} events ${since}, the log holds ${held.events}`;
  if (held.events >= counted)
    return checking.ok(servers > 1 ? `${text} (several apiservers: one that was restarted can hide a loss of another)` : text);
  const missing = `${text}: ${counted - held.events} are missing`;
  if (held.oldestMs === undefined || held.oldestMs > sinceMs + 60_000)
    return checking.warning(
      missing,
      `The log begins ${held.oldestMs === undefined ? 'with nothing' : `${ago(held.oldestMs - sinceMs)} after kube-apiserver`}: the agent was not there yet, or older segments were deleted. Compare again after kube-apiserver has been restarted.`,
    );
  return checking.failed(
    missing,
    'See the other lines for where: kube-apiserver lost them, the agent was away for longer than it tries, or two agents share the events.',
  );
}
