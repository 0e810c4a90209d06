import { expect } from 'chai';
import { change, namesOf, practiceOf } from '../../support/posture-events.ts';

const by = (username: string, agent = 'kubectl/v1.31.0') => ({ user: { username }, userAgent: agent });
const argo = by('system:serviceaccount:argocd:argocd-application-controller', 'argocd-application-controller/v2');
const tracked = {
  requestObject: { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' } } },
};
const [byHand, drift] = ['delivery.by-hand', 'delivery.drift'];

describe('detection/posture/by-hand-check', () => {
  it('names what people change, and with what', () => {
    const events = [
      change('patch deployments shop/web', { requestURI: '/apis?fieldManager=kubectl-edit' }),
      change('create configmaps shop/c', by('system:serviceaccount:ci:deployer')),
      change('update deployments shop/b', by('system:kube-controller-manager')),
    ];
    const found = practiceOf(byHand, events);
    expect(found.examples.map(({ what, note }) => [what, note])).to.deep.equal([
      ['deployments shop/web', 'patch with kubectl-edit'],
    ]);
    expect([found.looked, found.count]).to.deep.equal([3, 1]);
  });

  it('leaves out sessions, reviews, pods, refusals, and what Helm notes for itself', () => {
    const events = [
      change('create pods/exec shop/p'),
      change('create selfsubjectaccessreviews x'),
      change('delete pods shop/p'),
      change('patch deployments/status shop/web'),
      change('create secrets shop/sh.helm.release.v1.web.v1'),
      change('patch deployments shop/web', { responseStatus: { code: 409 } }),
      change('get deployments shop/web'),
    ];
    expect(namesOf(byHand, events)).to.deep.equal([]);
    expect(namesOf(byHand, [change('patch deployments/scale shop/web')])).to.deep.equal(['deployments shop/web']);
  });

  it('takes users named as deliveries or as machines for what they are', () => {
    const robot = '[MASKED:user:k1:00000000000000aa]';
    const event = change('patch deployments shop/web', by(robot));
    expect(namesOf(byHand, [event])).to.have.lengthOf(1);
    expect(namesOf(byHand, [event], { machines: [robot] })).to.deep.equal([]);
    expect(namesOf(byHand, [event], { deliveredBy: [robot] })).to.deep.equal([]);
    expect(practiceOf(drift, [event], { deliveredBy: [robot] }).status).to.equal('none');
  });

  it('finds drift where the delivery system wrote before, whatever is in the body', () => {
    const events = [change('patch deployments shop/web', argo), change('patch deployments shop/web')];
    expect(practiceOf(drift, events).examples[0]?.note).to.equal('patch with kubectl; delivered by argocd');
    expect(namesOf(drift, [...events].reverse())).to.deep.equal([]);
    expect(namesOf(drift, [events[0] ?? {}, change('patch deployments shop/other')])).to.deep.equal([]);
  });

  it('finds drift where the body names who delivers, with the application', () => {
    const found = practiceOf(drift, [change('update deployments shop/web', tracked)]);
    expect(found.examples[0]?.note).to.equal('update with kubectl; delivered by argocd shop');
    expect(namesOf(drift, [change('create deployments shop/web', tracked)])).to.deep.equal([]);
  });

  it('lets Helm change its own releases', () => {
    const release = { requestObject: { metadata: { annotations: { 'meta.helm.sh/release-name': 'web' } } } };
    expect(namesOf(drift, [change('patch deployments shop/web', { ...release, userAgent: 'Helm/3.14.0' })])).to.deep.equal([]);
    expect(namesOf(drift, [change('patch deployments shop/web', release)])).to.deep.equal(['deployments shop/web']);
  });

  it('believes no user agent', () => {
    const disguised = change('patch deployments shop/web', { userAgent: 'argocd-application-controller/v2' });
    expect(namesOf(byHand, [disguised])).to.deep.equal(['deployments shop/web']);
    expect(practiceOf(drift, [disguised]).blind).to.match(/no delivery system/);
  });
});
