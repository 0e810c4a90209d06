import { type Metrics, readMetrics } from '../apiserver/read-metrics.ts';
import type { Config } from '../config/schema.ts';
import { Checking, type CheckResult } from './check-result.ts';

const timeoutMs = 3_000;

/** Whether an agent runs with this configuration, is ready, and has counted nothing bad. */
export async function checkAgent({ telemetry }: Config): Promise<readonly CheckResult[]> {
  const checking = new Checking('agent');
  const { listen } = telemetry;
  if (listen === undefined)
    return [checking.skipped('`telemetry.listen` is not set: the agent cannot be asked', 'Set it to 127.0.0.1:9464.')];
  const base = `http://${addressOf(listen)}`;
  const answer = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  if (!answer) return [checking.warning(`no agent answers at ${base}`, 'Start it: auditveil run --config FILE')];
  const reasons = (await answer.text()).trim().split('\n');
  if (answer.status !== 200)
    return reasons.map((reason) => checking.failed(`it is not ready: ${reason}`, 'Its output says more.'));
  return [checking.ok(`ready at ${base}`), ...(await checking.from(() => counts(checking, base)))];
}

async function counts(checking: Checking, base: string): Promise<readonly CheckResult[]> {
  const metrics = await readMetrics(`${base}/metrics`);
  const received = metrics.sum('auditveil_events_received_total') ?? 0;
  const results = [
    received > 0
      ? checking.ok(`${received} events received, ${metrics.sum('auditveil_findings_total') ?? 0} findings since its start`)
      : checking.warning('it has received no event since its start', 'Its output says what it waits for; see docs/wiring.md.'),
  ];
  const refused = [...metrics.by('auditveil_requests_total', 'status')].filter(
    ([status, count]) => status !== '200' && count > 0,
  );
  if (refused.length > 0) {
    const text = refused.map(([status, count]) => `${count} with ${status === '0' ? 'no answer' : status}`).join(', ');
    results.push(
      checking.warning(
        `requests were refused: ${text}`,
        'docs/webhook.md says what each answer is for; the agent names the reason in its output.',
      ),
    );
  }
  const stubs = metrics.sum('auditveil_stubs_total') ?? 0;
  if (stubs > 0)
    results.push(
      checking.warning(
        `${stubs} events could not be masked safely and became stubs`,
        'The findings log names each; see docs/findings.md.',
      ),
    );
  return [...results, ...sinkStates(checking, metrics)];
}

/** Sinks that the agent gave up on for the moment. */
function sinkStates(checking: Checking, metrics: Metrics): readonly CheckResult[] {
  const behind = metrics.by('auditveil_sink_behind_bytes', 'sink');
  return [...metrics.by('auditveil_sink_breaker', 'sink')]
    .filter(([, breaker]) => breaker > 0)
    .map(([sink]) =>
      checking.warning(
        `sink ${sink} takes nothing at the moment: its circuit breaker is open, ${behind.get(sink) ?? 0} bytes of its log wait for it`,
        `The agent's output says why; auditveil sinks test ${sink} tries it out.`,
      ),
    );
}

/** Where to ask something that listens there: all addresses are asked at loopback. */
export function addressOf(listen: string): string {
  const at = listen.lastIndexOf(':');
  const host = listen.slice(0, at);
  return `${host === '' || host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}${listen.slice(at)}`;
}
