import { expect } from 'chai';
import { change, namesOf, practiceOf } from '../../support/posture-events.ts';

const at = (seconds: number, event: ReturnType<typeof change>) => ({ atMs: seconds * 1000, event });
const end = at(3600, change('get pods x/y'));
const [quota, network, security] = ['namespace.resource-quota', 'namespace.network-policy', 'namespace.pod-security'];
const labelled = (level: string) => ({
  requestObject: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } },
});

describe('detection/posture/namespace-check', () => {
  const made = at(0, change('create namespaces shop', { requestObject: { metadata: { name: 'shop' } } }));

  it('names namespaces that got no quota and no policy', () => {
    const events = [made, at(10, change('create resourcequotas shop/q')), at(20, change('create networkpolicies other/p')), end];
    expect(namesOf(quota, events)).to.deep.equal([]);
    expect(namesOf(network, events)).to.deep.equal(['namespace shop']);
    expect(practiceOf('namespace.limit-range', events).count).to.equal(1);
  });

  it('notices that what protects was taken away, and that a namespace is gone', () => {
    const policy = at(10, change('create networkpolicies shop/p'));
    expect(namesOf(network, [made, policy, end])).to.deep.equal([]);
    expect(namesOf(network, [made, policy, at(20, change('delete networkpolicies shop/p')), end])).to.have.lengthOf(1);
    expect(namesOf(network, [made, policy, at(20, change('deletecollection networkpolicies shop/')), end])).to.have.lengthOf(1);
    expect(namesOf(network, [made, at(20, change('delete namespaces shop')), end])).to.deep.equal([]);
    const again = at(40, change('create namespaces shop'));
    expect(namesOf(network, [made, policy, at(20, change('delete namespaces shop')), again, end])).to.have.lengthOf(1);
  });

  it('waits ten minutes', () => {
    const early = practiceOf(network, [made, at(599, change('get pods x/y'))]);
    expect([early.status, early.blind]).to.deep.equal(['unseen', early.blind]);
    expect(early.blind).to.match(/^one namespace was made less than ten minutes/);
    expect(practiceOf(network, [made, at(600, change('get pods x/y'))]).status).to.equal('found');
  });

  it('says nothing of namespaces that were there before, unless the whole cluster was listed', () => {
    const seen = at(0, change('patch namespaces shop', { requestObject: {} }));
    expect(practiceOf(network, [seen, end]).status).to.equal('unseen');
    const items = (...of: readonly object[]) => ({ responseObject: { metadata: {}, items: of } });
    const list = at(5, change('list networkpolicies ', items({ metadata: { namespace: 'safe', name: 'p' } })));
    const spaces = at(6, change('list namespaces ', items({ metadata: { name: 'safe' } }, { metadata: { name: 'shop' } })));
    expect(namesOf(network, [list, spaces, end])).to.deep.equal(['namespace shop']);
    expect(practiceOf(quota, [list, spaces, end]).status).to.equal('unseen');
    const inOne = at(5, change('list networkpolicies shop/', items()));
    expect(practiceOf(network, [inOne, spaces, end]).status).to.equal('unseen');
  });

  it('reads the level of pod security from labels, patches and admitted pods', () => {
    expect(namesOf(security, [made])).to.deep.equal(['namespace shop']);
    expect(namesOf(security, [made, change('patch namespaces shop', labelled('restricted'))])).to.deep.equal([]);
    expect(namesOf(security, [made, change('patch namespaces shop', labelled('privileged'))])).to.have.lengthOf(1);
    const pod = (level: string) =>
      change('create pods shop/p', { annotations: { 'pod-security.kubernetes.io/enforce-policy': `${level}:latest` } });
    expect(namesOf(security, [made, pod('baseline')])).to.deep.equal([]);
    expect(namesOf(security, [pod('privileged')])).to.deep.equal(['namespace shop']);
    expect(practiceOf(security, [change('create namespaces shop', { level: 'Metadata' })]).status).to.equal('unseen');
  });

  it('leaves out the namespaces of the cluster', () => {
    expect(practiceOf(network, [at(0, change('create namespaces kube-system')), end]).status).to.equal('unseen');
  });
});
