import { expect } from 'chai';
import fc from 'fast-check';
import { loadRules } from '../../../src/detection/load-rules.ts';
import { Posture } from '../../../src/detection/posture/posture.ts';
import { change, deployment, namesOf, postureOf, practiceOf, startMs } from '../../support/posture-events.ts';

const agent = (userAgent: string, username = 'system:node:n1') => change('get nodes n1', { userAgent, user: { username } });
const server = agent('kube-apiserver/v1.31.2 (linux/amd64) kubernetes/abc', 'system:apiserver');

describe('detection/posture/posture', () => {
  it('judges every practice it lists, once, and says why where it sees nothing', () => {
    const { practices } = postureOf([]);
    expect(practices.map(({ id }) => id)).to.deep.equal(Posture.practices().map(({ id }) => id));
    expect(new Set(practices.map(({ id }) => id)).size).to.equal(practices.length);
    expect(practices.filter(({ status, blind }) => status === 'unseen' && !blind).map(({ id }) => id)).to.deep.equal([]);
    expect(practices.filter(({ status }) => status === 'found')).to.deep.equal([]);
  });

  it('counts what it cannot read, and gives the time of what it can', () => {
    const posture = new Posture();
    for (const junk of [undefined, null, 1, 'x', [], {}, { verb: 1 }]) posture.observe(junk, startMs);
    posture.observe(change('get pods a/b'), startMs + 5000);
    const { events, unread, from, to } = posture.report();
    expect([events, unread]).to.deep.equal([8, 7]);
    expect([from, to]).to.deep.equal(['2026-05-04T09:00:05.000Z', '2026-05-04T09:00:05.000Z']);
  });

  it('survives events of any shape', () => {
    const member = fc.constantFrom(
      'metadata',
      'spec',
      'template',
      'containers',
      'items',
      'name',
      'labels',
      '__proto__',
      'rules',
      'subjects',
    );
    const junk = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        tie('map'),
      ),
      map: fc.dictionary(member, tie('any'), { maxKeys: 4 }),
    })).any;
    const verbs = fc.constantFrom('create', 'update', 'patch', 'list', 'get', 'delete');
    const kinds = fc.constantFrom('pods', 'deployments', 'namespaces', 'roles', 'clusterrolebindings', 'networkpolicies');
    fc.assert(
      fc.property(fc.array(fc.tuple(verbs, kinds, junk, junk)), (all) => {
        const events = all.map(([verb, kind, requestObject, responseObject]) =>
          change(`${verb} ${kind} shop/x`, { requestObject, responseObject, annotations: requestObject, user: responseObject }),
        );
        postureOf(events);
      }),
    );
  });

  it('holds versions of programs against that of the API server', () => {
    const kubelet = (minor: number) => agent(`kubelet/v1.${minor}.0 (linux/amd64)`);
    expect(practiceOf('version.node', [kubelet(20)]).blind).to.match(/--server-version/);
    expect(namesOf('version.node', [server, kubelet(27)])).to.deep.equal(['kubelet v1.27.0']);
    expect(namesOf('version.node', [server, kubelet(28)])).to.deep.equal([]);
    expect(namesOf('version.node', [server, kubelet(32)])).to.deep.equal(['kubelet v1.32.0']);
    expect(namesOf('version.node', [server, kubelet(27), kubelet(31)])).to.deep.equal([]);
    expect(namesOf('version.node', [kubelet(27)], { serverMinor: 31 })).to.have.lengthOf(1);
    const kubectl = (minor: number) => agent(`kubectl.exe/v1.${minor}.4 (windows/amd64)`, 'x');
    expect(namesOf('version.client', [server, kubectl(29), kubectl(30), kubectl(32), kubectl(33)])).to.have.members([
      'kubectl v1.29.4',
      'kubectl v1.33.4',
    ]);
  });

  it('does not let a client say which version the API server has', () => {
    expect(postureOf([agent('kube-apiserver/v1.99.0', 'x')])).not.to.have.property('serverMinor');
  });

  it('names deprecated APIs with who asks, and those the next version removes', () => {
    const old = (release: string, username: string) =>
      change('create cronjobs shop/c', {
        annotations: { 'k8s.io/deprecated': 'true', 'k8s.io/removed-release': release },
        user: { username },
      });
    const events = [server, old('1.32', 'a'), old('1.32', 'a'), old('1.34', 'b'), old('1.32', 'system:apiserver')];
    expect(practiceOf('api.deprecated', events).count).to.equal(2);
    expect(practiceOf('api.removed-next', events).examples.map(({ who }) => who)).to.deep.equal(['a']);
    expect(practiceOf('api.removed-next', events.slice(1)).status).to.equal('unseen');
  });

  it('counts a session once, however many stages of it are logged', () => {
    const exec = (stage: string, auditID: string, code = 101) =>
      change('create pods/exec shop/p', { stage, auditID, responseStatus: { code } });
    const both = [exec('RequestReceived', 'a'), exec('ResponseStarted', 'a'), exec('ResponseComplete', 'a')];
    expect(practiceOf('debug.session', both).count).to.equal(1);
    expect(practiceOf('debug.session', [...both, exec('ResponseComplete', 'b')]).count).to.equal(2);
    expect(practiceOf('debug.session', [exec('ResponseComplete', 'c', 403)]).status).to.equal('none');
  });

  it('names ephemeral containers, debug images and pods of kubectl debug', () => {
    expect(namesOf('debug.ephemeral-container', [change('patch pods/ephemeralcontainers shop/p')])).to.deep.equal([
      'pods shop/p',
    ]);
    const events = [
      change('create deployments shop/net', deployment({ name: 'c', image: 'nicolaka/netshoot' })),
      change('create pods shop/node-debugger-n1-x', { requestObject: { spec: { containers: [{ image: 'alpine:3' }] } } }),
      change('create pods shop/fine', { requestObject: { spec: { containers: [{ image: 'web:1' }] } } }),
    ];
    expect(namesOf('debug.tools', events)).to.deep.equal(['pods shop/node-debugger-n1-x', 'deployments shop/net']);
  });

  it('names work in the namespace default until it is gone', () => {
    const events = [
      change('create deployments default/web'),
      change('create services default/kubernetes'),
      change('create services default/gone'),
      change('create pods default/web-1', { user: { username: 'system:serviceaccount:kube-system:replicaset-controller' } }),
      change('delete services default/gone'),
      change('create configmaps shop/c'),
    ];
    expect(namesOf('namespace.default', events)).to.deep.equal(['deployments default/web']);
  });

  it('names rules that need bodies which are not logged', () => {
    const rule = (title: string, id: string, field: string): string => `title: ${title}
id: 7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b${id}
logsource: { product: kubernetes, service: audit }
detection:
  a: { verb: create, objectRef.resource: [pods, secrets], ${field} }
  condition: a
level: high
`;
    const body = rule('Body', '01', 'requestObject.spec.hostPID: true');
    const rules = loadRules([
      { file: 'body.yml', text: body },
      { file: 'head.yml', text: rule('Head', '02', 'user.username: x') },
    ]);
    const pod = (level: string) => change('create pods shop/p', { level });
    const thin = practiceOf('audit.policy', [pod('Metadata'), change('create secrets shop/s', { level: 'Metadata' })], { rules });
    expect([thin.looked, thin.examples]).to.deep.equal([2, [{ what: 'Body', note: 'high: create pods' }]]);
    expect(practiceOf('audit.policy', [pod('Metadata'), pod('Request')], { rules }).status).to.equal('none');
    expect(practiceOf('audit.policy', [change('create services shop/s')], { rules }).status).to.equal('unseen');
  });

  it('counts bodies that were cut', () => {
    const cut = change('create pods shop/p', { annotations: { 'audit.k8s.io/truncated': 'true' } });
    expect(practiceOf('audit.truncated', [cut, change('create pods shop/q')]).count).to.equal(1);
  });
});
