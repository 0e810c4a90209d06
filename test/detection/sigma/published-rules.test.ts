import fs from 'node:fs';
import { expect } from 'chai';
import { parseFieldMapping } from '../../../src/detection/field-mapping.ts';
import { loadRules } from '../../../src/detection/load-rules.ts';
import { matchEvent } from '../../../src/detection/run-examples.ts';
import { TileRecords } from '../../../src/pipeline/tile-records.ts';
import { engineOf, tileOf } from '../../support/inspect-lines.ts';
import { sharedData } from '../../support/shared-data.ts';

type Members = Readonly<Record<string, unknown>>;

/** A finished request as the apiserver logs it, bodies and all. */
function request(verb: string, objectRef: Members, more: Members = {}): Members {
  const time = '2026-05-04T09:00:00.000000Z';
  return {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '8f2c6f0e-0000-4000-8000-000000000001',
    stage: 'ResponseComplete',
    requestURI: '/apis',
    verb,
    user: { username: 'dev@example.com', groups: ['system:authenticated'] },
    sourceIPs: ['203.0.113.7'],
    userAgent: 'kubectl/v1.30.0',
    objectRef: { apiVersion: 'v1', ...objectRef },
    responseStatus: { metadata: {}, code: 200 },
    requestReceivedTimestamp: time,
    stageTimestamp: time,
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': '' },
    ...more,
  };
}

const pod = (spec: Members): Members => ({
  requestObject: {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'web', image: 'web:1' }], ...spec },
  },
});
const hostPath = pod({ volumes: [{ name: 'root', hostPath: { path: '/', type: '' } }] });
const capable = pod({ containers: [{ name: 'web', image: 'web:1', securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] });
const exec = { requestURI: '/api/v1/namespaces/shop/pods/web/exec?command=%2Fbin%2Fbash&container=web&stdin=true' };

/** By file name after `kubernetes_audit_`: an event the rule is written for, and one next to it that it is not. */
const events: Readonly<Record<string, readonly [hit: Members, miss: Members]>> = {
  change_admission_controller: [
    request('patch', { apiGroup: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations', name: 'inject' }),
    request('get', { apiGroup: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations', name: 'inject' }),
  ],
  cronjob_modification: [
    request('create', { apiGroup: 'batch', resource: 'cronjobs', namespace: 'shop', name: 'nightly' }),
    request('create', { apiGroup: 'apps', resource: 'deployments', namespace: 'shop', name: 'nightly' }),
  ],
  deployment_deleted: [
    request('delete', { apiGroup: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' }),
    request('deletecollection', { apiGroup: 'apps', resource: 'deployments', namespace: 'shop' }),
  ],
  events_deleted: [
    request('delete', { resource: 'events', namespace: 'shop', name: 'web.17' }),
    request('list', { resource: 'events', namespace: 'shop' }),
  ],
  exec_into_container: [
    request(
      'create',
      { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' },
      { stage: 'ResponseStarted', ...exec },
    ),
    request('create', { resource: 'pods', subresource: 'portforward', namespace: 'shop', name: 'web' }),
  ],
  hostpath_mount: [
    request('create', { resource: 'pods', namespace: 'shop', name: 'web' }, hostPath),
    request('create', { resource: 'pods', namespace: 'shop', name: 'web' }, pod({ volumes: [{ name: 'tmp', emptyDir: {} }] })),
  ],
  pod_in_system_namespace: [
    request('create', { resource: 'pods', namespace: 'kube-system', name: 'kube-proxy-bv61v' }, pod({})),
    request('create', { resource: 'pods', namespace: 'shop', name: 'kube-proxy-bv61v' }, pod({})),
  ],
  potential_enumeration_activity: [
    request('create', { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' }, exec),
    request(
      'create',
      { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' },
      { ...exec, annotations: { 'authorization.k8s.io/decision': 'forbid' } },
    ),
  ],
  privileged_pod_creation: [
    request('create', { resource: 'pods', namespace: 'shop', name: 'web' }, capable),
    request('create', { resource: 'pods', namespace: 'shop', name: 'web' }, pod({})),
  ],
  rbac_permisions_listing: [
    request('create', { apiGroup: 'authorization.k8s.io', resource: 'selfsubjectrulesreviews' }),
    request('create', { apiGroup: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' }),
  ],
  rolebinding_modification: [
    request('update', { apiGroup: 'rbac.authorization.k8s.io', resource: 'clusterrolebindings', name: 'admins' }),
    request('update', { apiGroup: 'rbac.authorization.k8s.io', resource: 'clusterroles', name: 'admins' }),
  ],
  secrets_enumeration: [
    request('list', { resource: 'secrets', namespace: 'shop' }),
    request('get', { resource: 'secrets', namespace: 'shop', name: 'db' }),
  ],
  secrets_modified_or_deleted: [
    request('patch', { resource: 'secrets', namespace: 'shop', name: 'db' }),
    request('get', { resource: 'secrets', namespace: 'shop', name: 'db' }),
  ],
  serviceaccount_creation: [
    request('create', { resource: 'serviceaccounts', namespace: 'shop', name: 'robot' }),
    request('update', { resource: 'serviceaccounts', namespace: 'shop', name: 'robot' }),
  ],
  sidecar_injection: [
    request('patch', { apiGroup: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' }),
    request('patch', { apiGroup: 'apps', resource: 'daemonsets', namespace: 'shop', name: 'web' }),
  ],
  unauthorized_unauthenticated_actions: [
    request('get', { resource: 'secrets', namespace: 'shop', name: 'db' }, { responseStatus: { metadata: {}, code: 403 } }),
    request('get', { resource: 'secrets', namespace: 'shop', name: 'db' }, { responseStatus: { metadata: {}, code: 404 } }),
  ],
};

describe('detection/sigma/published-rules', () => {
  const mapping = parseFieldMapping('detectors/fields.yml', fs.readFileSync('detectors/fields.yml', 'utf8'));

  it('load unmodified, and each matches an event of its kind and not its neighbour, read by the scanner as in real life', function () {
    const folder = sharedData(this, 'data/detections/rules/sigma');
    const files = fs.readdirSync(folder).filter((name) => name.endsWith('.yml'));
    expect(files.map((name) => name.replace(/^kubernetes_audit_|\.yml$/g, ''))).to.have.members(Object.keys(events));
    const ruleFiles = files.map((file) => ({ file, text: fs.readFileSync(`${folder}/${file}`, 'utf8') }));
    const set = loadRules(ruleFiles, { mapping });
    const { inspector } = engineOf([], { ruleFiles, mapping });
    for (const [name, pair] of Object.entries(events)) {
      const rule = set.rules.findIndex(({ rule: one }) => one.location.file === `kubernetes_audit_${name}.yml`);
      const id = set.rules[rule]?.rule.info.id ?? '';
      expect(
        pair.map((event) => matchEvent(set, event).rules.includes(rule)),
        name,
      ).to.deep.equal([true, false]);
      const tile = inspector.inspect(tileOf(pair.map((event) => JSON.stringify(event))));
      const matched = [...new TileRecords(10).of(tile, 0)].filter(({ record }) => record.matches.includes(id));
      expect(
        matched.map(({ index }) => index),
        name,
      ).to.deep.equal([0]);
    }
  });
});
