import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { lintRules } from '../../../src/detection/lint.ts';
import type { RuleSet } from '../../../src/detection/rule-set.ts';
import { loadFalco, matchedRules } from '../../support/falco.ts';
import { sharedData } from '../../support/shared-data.ts';

type Json = Readonly<Record<string, unknown>>;

const base = { auditID: 'a', stage: 'ResponseComplete', user: { username: 'eve' }, responseStatus: { code: 201 } };
const request = (verb: string, resource: string, more: Json = {}, ref: Json = {}): Json => ({
  ...base,
  verb,
  objectRef: { resource, namespace: 'shop', name: 'thing', ...ref },
  ...more,
});
const pod = (spec: Json, ref: Json = {}): Json =>
  request('create', 'pods', { requestObject: { spec: { containers: [{ image: 'example.com/x:1' }], ...spec } } }, ref);
const role = (rule: Json): Json =>
  request('create', 'clusterroles', { requestObject: { rules: [{ verbs: ['get'], resources: ['pods'], ...rule }] } });
const subresource = (verb: string, name: string, more: Json = {}): Json => request(verb, 'pods', more, { subresource: name });

const allowNothing = '- macro: allowed_k8s_containers\n  condition: (ka.req.pod.containers.image.repository in (none))\n';
const watchNodes = '- macro: allow_all_k8s_nodes\n  condition: (k8s_audit_never_true)\n';
const watchAdmins = '- macro: allowed_full_admin_users\n  condition: (k8s_audit_never_true)\n';
const watchAll = '- macro: consider_all_events\n  condition: (k8s_audit_always_true)\n';

/** For each rule of the published file an event that it reports, and where it is off by default what switches it on. */
const rows: readonly (readonly [rule: string, event: Json, overlay?: string])[] = [
  ['Disallowed K8s User', request('get', 'pods')],
  ['Create Disallowed Pod', pod({}), allowNothing],
  ['Create Privileged Pod', pod({ initContainers: [{ image: 'a', securityContext: { privileged: true } }] })],
  ['Create Sensitive Mount Pod', pod({ volumes: [{ name: 'v', hostPath: { path: '/etc' } }] })],
  ['Create HostNetwork Pod', pod({ hostNetwork: true })],
  ['Create HostPid Pod', pod({ hostPID: true })],
  ['Create HostIPC Pod', pod({ hostIPC: true })],
  ['Create NodePort Service', request('create', 'services', { requestObject: { spec: { type: 'NodePort' } } })],
  [
    'Create/Modify Configmap With Private Credentials',
    request('patch', 'configmaps', { requestObject: { data: { a: 'x_passphrase_y' } } }),
  ],
  [
    'Anonymous Request Allowed',
    request('get', 'pods', {
      user: { username: 'system:anonymous' },
      requestURI: '/api',
      annotations: { 'authorization.k8s.io/decision': 'allow' },
    }),
  ],
  ['Attach/Exec Pod', subresource('get', 'exec', { stage: 'ResponseStarted' })],
  ['port-forward', subresource('create', 'portforward', { stage: 'RequestReceived' })],
  ['EphemeralContainers Created', subresource('patch', 'ephemeralcontainers')],
  ['Create Disallowed Namespace', request('create', 'namespaces')],
  ['Pod Created in Kube Namespace', pod({}, { namespace: 'kube-system' })],
  ['Service Account Created in Kube Namespace', request('create', 'serviceaccounts', {}, { namespace: 'kube-public' })],
  ['System ClusterRole Modified/Deleted', request('delete', 'roles', {}, { name: 'system:x' })],
  [
    'Attach to cluster-admin Role',
    request('create', 'clusterrolebindings', { requestObject: { roleRef: { name: 'cluster-admin' } } }),
  ],
  ['ClusterRole With Wildcard Created', role({ resources: ['pods', '*'] })],
  ['ClusterRole With Write Privileges Created', role({ verbs: ['get', 'patch'] })],
  ['ClusterRole With Pod Exec Created', role({ resources: ['pods/exec'] })],
  ...[
    ['Deployment', 'deployments'],
    ['Service', 'services'],
    ['ConfigMap', 'configmaps'],
    ['Namespace', 'namespaces'],
    ['Serviceaccount', 'serviceaccounts'],
    ['Role', 'roles'],
    ['ClusterRole', 'clusterroles'],
    ['RoleBinding', 'rolebindings'],
    ['ClusterRoleBinding', 'clusterrolebindings'],
    ['Secret', 'secrets'],
  ].flatMap(([name = '', resource = '']): (readonly [string, Json])[] => [
    [`K8s ${name} Created`, request('create', resource)],
    [`K8s ${name} Deleted`, request('delete', resource, { responseStatus: { code: 200 } })],
  ]),
  ['K8s Secret Get Successfully', request('get', 'secrets', { responseStatus: { code: 200 } })],
  ['K8s Secret Get Unsuccessfully Tried', request('get', 'secrets', { responseStatus: { code: 403 } })],
  ['All K8s Audit Events', request('list', 'pods'), watchAll],
  ['Full K8s Administrative Access', request('get', 'pods', { user: { username: 'kubernetes-admin' } }), watchAdmins],
  ['Ingress Object without TLS Certificate Created', request('create', 'ingresses', { requestObject: { spec: { rules: [] } } })],
  ['Untrusted Node Successfully Joined the Cluster', request('create', 'nodes'), watchNodes],
  [
    'Untrusted Node Unsuccessfully Tried to Join the Cluster',
    request('create', 'nodes', { responseStatus: { code: 409 } }),
    watchNodes,
  ],
];

const folder = '../shared/data/detections';
const published = existsSync(folder) ? readFileSync(`${folder}/rules/falco/k8s_audit_rules.yaml`, 'utf8') : '';

const sets = new Map<string, RuleSet>();

/** The published rules with an overlay, loaded once. */
function publishedWith(overlay: string): RuleSet {
  const set = sets.get(overlay) ?? loadFalco(overlay === '' ? [published] : [published, overlay]);
  sets.set(overlay, set);
  return set;
}

describe('detection/falco upstream rules', () => {
  before(function () {
    sharedData(this, 'data/detections/rules/falco/k8s_audit_rules.yaml');
  });

  for (const [name, event, overlay] of rows) {
    it(`"${name}" reports its event, and not a request that failed to be it`, () => {
      const set = publishedWith(overlay ?? '');
      expect(matchedRules(set, event)).to.include(name);
      const quiet = { ...event, stage: 'Panic', objectRef: { resource: 'none' } };
      expect(matchedRules(set, quiet)).not.to.include(name);
    });
  }

  it('are the rules of this table', () => {
    const names = loadFalco(published).infos.map((info) => info.name);
    expect([...new Set(rows.map(([name]) => name))].sort()).to.deep.equal([...names].sort());
  });

  it('say what they found with the values of the event', () => {
    const set = loadFalco(published);
    const rule = set.rules.find((loaded) => loaded.rule.info.name === 'Attach/Exec Pod')?.rule;
    const event = subresource('get', 'exec', { requestURI: '/x?command=sh&command=ls' });
    expect(rule?.output?.(JSON.stringify(event)).text).to.equal(
      'Attach/Exec to pod (user=eve pod=thing resource=pods ns=shop action=exec command=sh)',
    );
  });

  it('take the overlay for GKE', () => {
    const overlay = readFileSync(`${folder}/rules/falco/k8s_audit_rules_gke.yaml`, 'utf8');
    const set = loadFalco([published, overlay]);
    const robot = request('get', 'pods', { user: { username: 'x@container-engine-robot.iam.gserviceaccount.com' } });
    expect(matchedRules(set, robot)).not.to.include('Disallowed K8s User');
    expect(matchedRules(set, request('get', 'pods'))).to.include('Disallowed K8s User');
    expect(set.notices ?? []).to.deep.equal([]);
  });

  it('give the linter something to say of those that are off', () => {
    const never = lintRules(loadFalco(published)).filter(({ code }) => code === 'never-matches');
    expect(never.map(({ ruleName }) => ruleName)).to.deep.equal([
      ...['Create Disallowed Pod', 'All K8s Audit Events', 'Full K8s Administrative Access'],
      ...['Untrusted Node Successfully Joined the Cluster', 'Untrusted Node Unsuccessfully Tried to Join the Cluster'],
    ]);
  });
});
