import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertRules } from '../../support/alert-rules.ts';
import { dashboard, type Panel } from '../../support/dashboard.ts';
import { metrics, metricsIn } from '../../support/metric-uses.ts';
import { check, say, tell } from '../check.ts';
import { alertCases } from './alert-cases.ts';
import { BusyAgent } from './busy-agent.ts';
import { checkRules, testAlerts } from './promtool.ts';
import { RealPrometheus } from './real-prometheus.ts';

/**
 * The dashboard and the alerts against a real Prometheus that scrapes a real agent: every panel shows something, every label that is
 * shown is there, the metrics have the labels that channels.ts says, and each alert fires when it should and not otherwise.
 */
const ports = { telemetry: 19_565, prometheus: 19_566 };
const workMs = 25_000;

/** Panels that stay empty here: what they show needs a broken disk. */
const emptyHere = ['Messages not yet worked on', 'Members of their groups', 'Appends tried again', 'Losses'];

const asShown = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '10s').replaceAll('$__range', '30s').replaceAll('$instance', '.*');

function alerts(folder: string): void {
  const rules = checkRules();
  check(rules.ok, `promtool takes the alerts${rules.ok ? '' : `: ${rules.text}`}`);
  const tried = new Set(alertCases.map(({ alert }) => alert));
  const untried = alertRules().filter(({ alert }) => !tried.has(alert));
  check(untried.length === 0, `every alert has its cases ${untried.map(({ alert }) => alert).join(' ')}`);
  const { ok, text } = testAlerts(alertCases, folder);
  check(ok, `each of ${alertCases.length} alerts fires when it should, and not otherwise${ok ? '' : `: ${text}`}`);
}

async function panel(prometheus: RealPrometheus, { title, targets = [] }: Panel): Promise<void> {
  for (const { expr, legendFormat } of targets) {
    const samples = await prometheus.query(asShown(expr));
    const values = samples.filter(({ value }) => Number.isFinite(value)).map(({ value }) => value);
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    const bare = samples.filter(({ metric }) => shown.some((label) => !metric[label]));
    check(bare.length === 0, `${title}: every series has ${shown.join(', ') || 'its value'}`);
    if (emptyHere.includes(title)) continue;
    check(values.length > 0, `${title}: ${values.length} series, largest ${Math.max(...values).toPrecision(3)}`);
  }
}

/** What the exporter gives, against what channels.ts says. */
async function labels(prometheus: RealPrometheus): Promise<void> {
  for (const [name, known] of metrics) {
    const samples = await prometheus.query(name);
    const odd = new Set(samples.flatMap(({ metric }) => Object.keys(metric)).filter((label) => !own.includes(label)));
    check(
      [...odd].every((label) => known.includes(label)),
      `${name} has no labels but ${known.join(', ') || 'none'}: ${[...odd].join(', ')}`,
    );
  }
}
const own = ['__name__', 'instance', 'job', 'le'];

/** What must be more than nothing after a day like this. */
async function seen(prometheus: RealPrometheus): Promise<void> {
  const wanted = [
    'auditveil_sink_records_total{sink="refusing",result="rejected"}',
    'auditveil_sink_breaker{sink="away"}',
    'auditveil_findings_hidden_total',
    'auditveil_repeats_total',
    'auditveil_vault_values_total{result="sealed"}',
    'auditveil_requests_total{status!="200"}',
  ];
  for (const expression of wanted) {
    const [sample] = await prometheus.query(`max(${expression})`);
    check((sample?.value ?? 0) > 0, `${expression} is counted`);
  }
  const firing = await prometheus.query('ALERTS{alertstate="firing"}');
  const names = firing.map(({ metric }) => metric['alertname'] ?? '');
  check(names.includes('AuditveilDeadLetters'), `the sink that refuses for good is alerted (${names.join(', ')})`);
  check(!names.includes('AuditveilAbsent'), 'nothing is alerted that is well');
}

async function story(folder: string, refusing: Server): Promise<void> {
  alerts(folder);
  const agent = new BusyAgent(folder, ports.telemetry, (refusing.address() as AddressInfo).port);
  const prometheus = new RealPrometheus(folder, ports.prometheus, `127.0.0.1:${ports.telemetry}`);
  try {
    await prometheus.start();
    await agent.makeKeys();
    agent.start();
    await agent.ready();
    for (const endMs = Date.now() + workMs; Date.now() < endMs; await sleep(700)) await agent.round();
    const { panels } = dashboard();
    const used = new Set(panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr))));
    say(`${panels.length} panels over ${used.size} metrics`);
    for (const each of panels) await panel(prometheus, each);
    await labels(prometheus);
    await seen(prometheus);
  } finally {
    await agent.end('SIGTERM');
    await prometheus.stop();
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-watch-'));
const refusing = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(400).end());
}).listen(0, '127.0.0.1');
await tell(
  async () => {
    await once(refusing, 'listening');
    await story(folder, refusing);
  },
  () => {
    refusing.close();
    rmSync(folder, { recursive: true, force: true });
  },
);
