import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Dictionary, recordTypes } from '../../src/core/record.ts';
import { bareHead } from '../../src/core/record-head.ts';
import { createRandom } from '../../src/demo/random.ts';
import { MatchColumns, TileWriter } from '../../src/inspect/tile-writer.ts';
import { openLog } from '../../src/log/open-log.ts';

const recordsPerTile = 1_000;
const payloadBytes = 2_000;

function dictionary(value: object): Dictionary {
  const payload = Buffer.from(JSON.stringify(value));
  return { id: createHash('sha256').update(payload).digest('hex').slice(0, 32), payload };
}

const plan = dictionary({ type: 'plan', rules: ['bench'], correlations: [], kinds: ['ip', 'user'], actions: ['pseudonymise'] });
const place = { cluster: 'bench', source: 'bench', stream: 'store', policy: { id: 'standard', digest: '0' } };
const context = dictionary({ type: 'context', ...place, plan: plan.id });

const hex = (n: number, digits: number): string =>
  Math.imul(n, 0x9e3779b1).toString(16).replace('-', '').padStart(digits, '0').slice(0, digits);
const people = Array.from({ length: 300 }, (_, i) => `[MASKED:user:k1:${hex(i + 1, 8)}${hex(i + 7, 8)}]`);
const machines = [
  'kube-scheduler',
  'kube-controller-manager',
  'apiserver',
  ...Array.from({ length: 200 }, (_, i) => `node:worker-${i}`),
]
  .map((name) => `system:${name}`)
  .concat(Array.from({ length: 60 }, (_, i) => `system:serviceaccount:team-${i % 20}:app-${i}`));
const namespaces = ['kube-system', 'default', ...Array.from({ length: 40 }, (_, i) => `team-${i}`)];
const resources = [
  'pods',
  'leases',
  'endpointslices',
  'configmaps',
  'secrets',
  'nodes',
  'events',
  'deployments',
  'services',
  'jobs',
];
const verbs = ['get', 'list', 'watch', 'update', 'patch', 'create', 'delete'];
const agents = ['kubelet/v1.31.0', 'kube-scheduler/v1.31.0', 'kubectl/v1.31.0 (linux/amd64) kubernetes/9edcffc', 'argocd/v2.12'];

/** One masked event of level Metadata, of about the size real ones have. */
function eventText(random: () => number, number: number, timeMs: number): string {
  const pick = (list: readonly string[], skew = 2): string => list[Math.floor(random() ** skew * list.length)] ?? '';
  const isPerson = random() < 0.05;
  const user = random() < 0.0005 ? 'system:anonymous' : pick(isPerson ? people : machines);
  const [verb, resource, namespace] = [pick(verbs), pick(resources, 1.5), pick(namespaces)];
  const isSession = isPerson && random() < 0.01;
  const name = isSession ? `web-${number % 500}` : `${resource}-${number % 3_000}`;
  const sub = isSession ? ',"subresource":"exec"' : '';
  const code = random() < 0.01 ? 403 : random() < 0.002 ? 401 : verb === 'create' ? 201 : 200;
  const at = new Date(timeMs).toISOString().replace('Z', '000Z');
  const uri = `/api/v1/namespaces/${namespace}/${isSession ? 'pods' : resource}/${name}`;
  return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"${hex(number, 8)}-0000-4000-8000-${String(number).padStart(12, '0')}","stage":"ResponseComplete","requestURI":"${uri}","verb":"${isSession ? 'create' : verb}","user":{"username":"${user}","groups":["system:authenticated"]},"sourceIPs":["10.${number % 7}.${Math.floor(random() * 40)}.${Math.floor(random() ** 3 * 250)}"],"userAgent":"${pick(agents)}","objectRef":{"resource":"${isSession ? 'pods' : resource}","namespace":"${namespace}","name":"${name}","apiVersion":"v1"${sub}},"responseStatus":{"metadata":{},"code":${code}},"requestReceivedTimestamp":"${at}","stageTimestamp":"${at}","annotations":{"authorization.k8s.io/decision":"${code === 403 ? 'forbid' : 'allow'}","authorization.k8s.io/reason":"RBAC: allowed by ClusterRoleBinding \\"bench\\" of ClusterRole \\"bench\\" to User"}}`;
}

/** Fills the events log of a data folder with masked events of level Metadata, spread over so many days that end now. */
export async function writeStore(dataDirectory: string, events: number, days = 30): Promise<void> {
  const endMs = Date.now();
  const beginMs = endMs - days * 24 * 3_600_000;
  let nowMs = beginMs;
  const clock = { nowMs: () => nowMs };
  const directory = path.join(dataDirectory, 'events');
  const log = await openLog({ directory, name: 'events', clock, tickMs: 0, segmentAgeMs: 1e12 });
  const random = createRandom(1).unit;
  const [digest, contextId] = [new Uint8Array(16), Buffer.from(context.id.slice(0, 16), 'hex')];
  const numbers = new DataView(digest.buffer);
  const rule = new MatchColumns();
  for (let number = 0; number < events; ) {
    const writer = new TileWriter(recordsPerTile, recordsPerTile * payloadBytes);
    for (let i = 0; i < recordsPerTile && number < events; i++, number++) {
      nowMs = beginMs + ((endMs - beginMs) * number) / events;
      numbers.setUint32(0, number, true);
      numbers.setUint32(8, Math.imul(number, 0x9e3779b1) >>> 0, true);
      const payload = Buffer.from(eventText(random, number, nowMs));
      const head = {
        ...bareHead,
        maskCount: 2,
        type: recordTypes.event,
        digest,
        context: contextId,
        receivedAtUs: nowMs * 1000,
        eventTimeUs: nowMs * 1000,
      };
      const masks = { length: 2, kinds: [0, 1], actions: [0, 0], counts: [1, 1] };
      writer.write({ ...head, eventTimeFrom: 0 }, rule, masks, 0, payload.length, (to, at) => {
        to.set(payload, at);
        return at + payload.length;
      });
    }
    await log.append(writer.finish([plan, context]));
  }
  await log.close();
}
