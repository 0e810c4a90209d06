import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../../src/config/load-config.ts';
import { configOfRole } from '../../../src/config/role-config.ts';
import { type Manifest, manifests } from '../../support/manifests.ts';
import { check, tell } from '../check.ts';
import { dryRunManifests } from '../dry-run.ts';
import { RealApiserver, tokens } from '../real-apiserver.ts';
import { driftOf } from './drift.ts';
import { chartManifests, lintChart, renderChart } from './helm.ts';
import { helmRelease } from './helm-release.ts';

/**
 * The Helm chart, by Helm itself: linted, rendered with values of all kinds, compared with the plain manifests, and every object it
 * makes taken by a real kube-apiserver (dry run, unknown fields refused, Pod Security enforced).
 */
const ports = { etcd: 12_879, etcdPeer: 12_880, apiserver: 16_883 };
const spaces = { webhook: 'auditveil', file: 'auditveil-node' } as const;

/** Kinds of other programs, which this kube-apiserver does not know. */
const foreign = ['ServiceMonitor', 'PrometheusRule'];

const everything = [
  `image={"repository":"registry.example.com/auditveil","digest":"sha256:${'a'.repeat(64)}","pullSecrets":["registry"]}`,
  'secretEnv=[{"name":"TOKEN","secret":"tokens","key":"chat"}]',
  'secretFiles=["chat","1234"]',
  'configMaps=["own.rules"]',
  'config.workers=2',
  'config.routing={"sinks":["findings"],"routes":[{"match":{"minSeverity":"high"},"routes":[{"sinks":["findings"]}]}]}',
  'podLabels={"team":"security"}',
  'podAnnotations={"a":"b"}',
  'networkPolicy.egress=[{"to":[{"ipBlock":{"cidr":"198.51.100.7/32"}}],"ports":[{"protocol":"TCP","port":443}]}]',
  'serviceMonitor={"enabled":true,"labels":{"release":"prometheus"}}',
  'prometheusRule.enabled=true',
  'dashboard={"enabled":true,"labels":{"grafana_dashboard":"1"}}',
];

interface Case {
  readonly name: string;
  readonly namespace: string;
  readonly sets: readonly string[];
}
const webhook = (name: string, ...sets: readonly string[]): Case => ({ name, namespace: spaces.webhook, sets });
const file = (name: string, ...sets: readonly string[]): Case => ({
  name,
  namespace: spaces.file,
  sets: ['mode="file"', ...sets],
});
const kafka =
  'config.transport={"type":"kafka","brokers":["kafka.example.com:9093"],"tls":{},"sasl":{"mechanism":"scram-sha-512","username":"auditveil","passwordFile":"/etc/auditveil/secrets/kafka/password"}}';
const page =
  'page={"enabled":true,"tokens":[{"name":"alice","role":"analyst","hash":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}],"hosts":["audit.example.com"]}';
const cases: readonly Case[] = [
  webhook('default values'),
  webhook('every option', ...everything, 'replicas=3', 'webhook.clusterIP="10.96.0.50"', 'storage.className="fast"'),
  webhook('placed', 'nodeSelector={"a":"b"}', 'tolerations=[{"operator":"Exists"}]', 'fullnameOverride="other"'),
  file('file'),
  webhook('receivers before Kafka', kafka, 'secretFiles=["kafka"]', 'replicas=2'),
  webhook('workers', 'mode="worker"', kafka, 'secretFiles=["kafka"]', 'replicas=3', 'fullnameOverride="auditveil-worker"'),
  webhook('page', page),
  file('file with page', page),
  file('file before Kafka', kafka, 'secretFiles=["kafka"]'),
  file('file, not root, every option', 'file.runAsUser=65532', 'file.runAsGroup=65532', ...everything),
];

/** What must be refused, by the value that is wrong. */
const wrong: readonly string[] = [
  'mode="sidecar"',
  'replicas=0',
  'image.tagg="x"',
  'config.masking.polcy="strict"',
  'config.masking.keyFile="/tmp/k"',
  'config.sources=[]',
  'config.routing={"routes":[{"mach":{}}]}',
  'secretEnv=[{"name":"A B","secret":"s","key":"k"}]',
  'storage.size="ten"',
  'config.role="all"',
  'page.token="secret"',
  'config.transport={"type":"kafka","brokers":["no port"]}',
];

function lint(): void {
  for (const { name, sets } of cases) {
    const { ok, text } = lintChart(sets);
    check(ok, `helm lint --strict passes: ${name}${ok ? '' : `: ${text}`}`);
  }
  for (const set of wrong) {
    const { ok, text } = renderChart(spaces.webhook, [set]);
    const name = set.slice(0, set.indexOf('='));
    const top = name.split('.')[0] ?? name;
    check(!ok && text.includes(top), `helm refuses ${set} and names it`);
  }
}

function workersWithoutKafka(): void {
  const { ok, text } = renderChart(spaces.webhook, ['mode="worker"']);
  check(!ok && text.includes('needs config.transport'), 'workers without Kafka are refused, with the remedy');
}

/** The page is served with TLS and tokens, and reached through what the chart makes. */
function withPage(): void {
  const { ok, text } = renderChart(spaces.webhook, ['page.enabled=true']);
  check(!ok && text.includes('auditveil web token'), 'a page that nobody may come in to is refused, with the remedy');
  const objects = chartManifests(spaces.webhook, [page]);
  const config = objects.find(({ kind, data }) => kind === 'ConfigMap' && data?.['config.yaml'])?.data?.['config.yaml'] ?? '';
  const { web } = loadConfig(config, '/etc/auditveil/config/config.yaml', {});
  check(web?.tls?.keyFile === '/etc/auditveil/page/tls.key' && web.tokens.length === 1, 'the page has TLS and its tokens');
  for (const kind of ['StatefulSet', 'Service', 'NetworkPolicy'])
    check(JSON.stringify(objects.filter((object) => object.kind === kind)).includes('8090'), `its port is in the ${kind}`);
  check(!JSON.stringify(chartManifests(spaces.webhook, [])).includes('8090'), 'and nowhere without it');
}

function compare(): void {
  for (const mode of ['webhook', 'file'] as const) {
    const drift = driftOf(chartManifests(spaces[mode], [`mode="${mode}"`]), spaces[mode]);
    check(
      drift.length === 0,
      `the chart in mode ${mode} is what deploy/kubernetes says${drift.map((line) => `\n     ${line}`).join('')}`,
    );
  }
}

/** The configuration that a release mounts, read as the program reads it. */
function load(): void {
  for (const { name, namespace, sets } of cases) {
    const [map] = chartManifests(namespace, sets).filter(({ kind, data }) => kind === 'ConfigMap' && data?.['config.yaml']);
    const config = loadConfig(map?.data?.['config.yaml'] ?? '', '/etc/auditveil/config/config.yaml', {});
    const role = name === 'workers' ? 'worker' : name.includes('Kafka') ? 'agent' : 'all';
    check(config.role === role, `the configuration loads, of the role ${role}: ${name}`);
    check(configOfRole(config).sources.length === (role === 'worker' ? 0 : 1), `with its sources: ${name}`);
  }
}

async function dryRun(server: RealApiserver): Promise<void> {
  const namespaces = manifests().filter(({ kind }) => kind === 'Namespace');
  for (const { name, namespace, sets } of cases) {
    const own = (manifest: Manifest): boolean => !foreign.includes(manifest.kind);
    const objects = chartManifests(namespace, sets).filter(own);
    const refused = await dryRunManifests(server, [...namespaces, ...objects]);
    check(
      refused.length === 0,
      `kube-apiserver takes ${objects.length} objects: ${name}${refused.map((line) => `\n     ${line}`).join('')}`,
    );
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-deploy-'));
const server = new RealApiserver(folder, ports, []);
await tell(
  async () => {
    lint();
    workersWithoutKafka();
    withPage();
    compare();
    load();
    await server.start();
    await dryRun(server);
    const cluster = { server: `https://127.0.0.1:${ports.apiserver}`, token: tokens.admin, folder: path.join(folder, 'helm') };
    await helmRelease(server, cluster, 'released');
  },
  async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  },
);
