import fs from 'node:fs';
import { expect } from 'chai';
import { parseFieldMapping } from '../../src/detection/field-mapping.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';
import { collectPlaceholders } from '../../src/detection/sigma/placeholder-document.ts';

const folder = 'detectors/privilege-escalation';
const rights = ['wildcard-role', '../persistence/admission-webhook-created'];
const mapping = parseFieldMapping('detectors/fields.yml', fs.readFileSync('detectors/fields.yml', 'utf8'));
const names = ['privileged-container', 'host-pid', 'host-ipc', 'host-network', 'sensitive-host-path', 'dangerous-capabilities'];
const files = [...names, ...rights, 'strong-workload-delivered'].map((name) => ({
  file: `${folder}/${name}.yml`,
  text: fs.readFileSync(`${folder}/${name}.yml`, 'utf8'),
}));
const set = loadRules(files, { mapping });
const accounts = collectPlaceholders(files).get('strong_deliverers') ?? [];

/** Names of the rules that match a pod with everything that is dangerous. */
function rulesOf(username: string, namespace: string, image: string): readonly string[] {
  const securityContext = { privileged: true, capabilities: { add: ['SYS_ADMIN'] } };
  const event = {
    stage: 'ResponseComplete',
    verb: 'create',
    user: { username },
    objectRef: { resource: 'pods', namespace, name: 'x' },
    responseStatus: { code: 201 },
    requestObject: {
      spec: {
        hostPID: true,
        hostIPC: true,
        hostNetwork: true,
        volumes: [{ hostPath: { path: '/' } }],
        containers: [{ name: 'a', image, securityContext }],
      },
    },
  };
  return matchEvent(set, event).rules.map((rule) => set.rules[rule]?.rule.info.name ?? '');
}

describe('detection/strong-workloads', () => {
  const ours = 'registry.example.com/x:1';
  const gke = 'gke.gcr.io/agent:1';
  const agent = 'service-1234567@container-engine-robot.iam.gserviceaccount.com';

  it('are told of one by one where a person or an account that nobody knows makes them', () => {
    for (const user of ['dev@example.com', 'system:serviceaccount:shop:helm-controller', 'x-flux-system:kustomize-controller'])
      expect(rulesOf(user, 'shop', ours), user).to.have.length(names.length);
  });

  it('are told of once, and lower, where a delivery system makes them', () => {
    expect(accounts).to.include('system:serviceaccount:flux-system:helm-controller');
    for (const account of accounts)
      expect(rulesOf(account, 'shop', ours), account).to.deep.equal([
        'Workload with rights on its node made by a delivery system',
      ]);
  });

  it('has an example for every account of the list', () => {
    const loaded = set.rules.find(({ rule }) => rule.info.name === 'Workload with rights on its node made by a delivery system');
    const events = (loaded?.rule.tests ?? []).filter(({ name }) => name.startsWith('Every account that counts'));
    const named = events.map(({ event }) => (event as { user: { username: string } }).user.username);
    expect(named.sort()).to.deep.equal(accounts.toSorted());
  });

  it('are nothing to tell of where the provider runs its own images in its own place', () => {
    expect(rulesOf(agent, 'kube-system', gke)).to.deep.equal([]);
    expect(rulesOf(agent, 'shop', gke)).to.have.length(names.length);
    expect(rulesOf(agent, 'kube-system', ours)).to.have.length(names.length);
    expect(rulesOf(`x${agent}`, 'kube-system', gke)).to.have.length(names.length);
  });
});
