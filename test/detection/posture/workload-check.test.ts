import { expect } from 'chai';
import { change, deployment, namesOf, practiceOf } from '../../support/posture-events.ts';

const probed = { name: 'web', image: 'registry.example.com:5000/web:1.4', readinessProbe: {}, livenessProbe: {} };
const bare = { name: 'web', image: 'web' };

describe('detection/posture/workload-check', () => {
  it('names workloads without probes, with the containers meant', () => {
    const events = [
      change('create deployments shop/web', deployment(probed)),
      change('create deployments shop/bare', deployment(bare, probed, { name: 'side', readinessProbe: {} })),
    ];
    const readiness = practiceOf('workload.readiness-probe', events);
    expect([readiness.status, readiness.looked, readiness.count]).to.deep.equal(['found', 2, 1]);
    expect(readiness.examples[0]?.note).to.equal('container web');
    expect(practiceOf('workload.liveness-probe', events).examples[0]?.note).to.equal('container web, side');
  });

  it('follows an object: what was repaired or deleted is not named any more', () => {
    const made = change('create deployments shop/web', deployment(bare));
    const id = 'workload.readiness-probe';
    expect(namesOf(id, [made, change('update deployments shop/web', deployment(probed))])).to.deep.equal([]);
    expect(namesOf(id, [made, change('delete deployments shop/web')])).to.deep.equal([]);
    expect(namesOf(id, [made, change('deletecollection deployments shop/')])).to.deep.equal([]);
    expect(namesOf(id, [made, change('delete namespaces shop')])).to.deep.equal([]);
    const patch = change('patch deployments shop/web', deployment({ name: 'web', readinessProbe: {} }));
    expect(namesOf(id, [made, patch])).to.deep.equal([]);
    expect(namesOf('workload.liveness-probe', [made, patch])).to.deep.equal(['deployments shop/web']);
    expect(namesOf('image.version', [made, patch])).to.deep.equal(['deployments shop/web']);
  });

  it('reads JSON patches of containers, and takes a probe away with null or remove', () => {
    const made = change('create deployments shop/web', deployment(probed));
    const patch = (value: unknown) => change('patch deployments shop/web', { requestObject: value });
    const id = 'workload.readiness-probe';
    const path = '/spec/template/spec/containers/0/readinessProbe';
    expect(namesOf(id, [made, patch([{ op: 'remove', path }])])).to.deep.equal(['deployments shop/web']);
    expect(namesOf(id, [made, patch([{ op: 'remove', path: path.replace('/0/', '/1/') }])])).to.deep.equal([]);
    const removed = change('patch deployments shop/web', deployment({ name: 'web', readinessProbe: null }));
    expect(namesOf(id, [made, removed])).to.deep.equal(['deployments shop/web']);
    const image = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'web:latest' }];
    expect(namesOf('image.version', [made, patch(image)])).to.deep.equal(['deployments shop/web']);
  });

  it('says nothing of the probes of a workload it knows only from a patch', () => {
    const patch = change('patch deployments shop/web', deployment({ name: 'web', image: 'web:2' }));
    expect(practiceOf('workload.readiness-probe', [patch]).status).to.equal('unseen');
    expect(practiceOf('image.version', [patch]).status).to.equal('none');
  });

  it('takes a server-side apply that makes the object for the whole of it', () => {
    const applied = change('patch deployments shop/web', { ...deployment(bare), responseStatus: { code: 201 } });
    expect(namesOf('workload.readiness-probe', [applied])).to.deep.equal(['deployments shop/web']);
  });

  it('prefers the answer, which is whole after a patch, and reads lists', () => {
    const whole = { metadata: { name: 'web', namespace: 'shop' }, spec: { template: { spec: { containers: [bare] } } } };
    const patch = change('patch deployments shop/web', { requestObject: { spec: { replicas: 2 } }, responseObject: whole });
    expect(namesOf('workload.readiness-probe', [patch])).to.deep.equal(['deployments shop/web']);
    const list = change('list deployments shop/', { responseObject: { kind: 'DeploymentList', items: [whole] } });
    expect(namesOf('workload.readiness-probe', [list])).to.deep.equal(['deployments shop/web']);
    const table = change('get deployments shop/web', { responseObject: { kind: 'Table', metadata: {}, rows: [] } });
    expect(practiceOf('workload.readiness-probe', [table]).status).to.equal('unseen');
  });

  it('leaves out what controllers make, what runs to an end, the namespaces of the cluster, refusals and dry runs', () => {
    const spec = { containers: [bare] };
    const owned = { metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'web-1', controller: true }] }, spec };
    const events = [
      change('create pods shop/web-1-x', { requestObject: owned }),
      change('create jobs shop/once', { requestObject: { spec: { template: { spec } } } }),
      change('create cronjobs shop/nightly', { requestObject: { spec: { jobTemplate: { spec: { template: { spec } } } } } }),
      change('create deployments kube-system/dns', deployment(bare)),
      change('create deployments shop/refused', { ...deployment(bare), responseStatus: { code: 403 } }),
      change('create deployments shop/dry', { ...deployment(bare), requestURI: '/apis?dryRun=All' }),
      change('create deployments shop/early', { ...deployment(bare), stage: 'RequestReceived' }),
      change('update deployments/status shop/web', deployment(bare)),
      change('create deployments.example.com shop/web', deployment(bare)),
    ];
    expect(practiceOf('workload.readiness-probe', events).status).to.equal('unseen');
    expect(namesOf('image.version', events)).to.deep.equal(['cronjobs shop/nightly', 'jobs shop/once']);
  });

  it('says why nothing can be seen: no body, or no change at all', () => {
    const without = change('create deployments shop/web', { level: 'Metadata' });
    expect(practiceOf('image.version', [without]).blind).to.match(/^no change of workloads is logged with its body/);
    const some = practiceOf('image.version', [without, change('create deployments shop/b', deployment(bare))]);
    expect([some.status, some.blind]).to.deep.equal(['found', some.blind]);
    expect(some.blind).to.match(/^1 of 2 changes/);
    expect(practiceOf('image.version', []).blind).to.equal('no change of workloads is in this log');
  });
});
