import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { intentOf } from '../../src/findings/intent.ts';
import { sharedData } from '../support/shared-data.ts';

interface Ask {
  readonly object?: Readonly<Record<string, string>>;
  readonly uri?: string;
  readonly agent?: string;
  readonly body?: unknown;
  readonly as?: string;
}

const intent = (
  verb: string,
  { object, uri = '/x', agent = 'kubectl/v1.31.0 (linux/amd64)', body, as }: Ask,
): string | undefined =>
  intentOf({
    verb,
    requestURI: uri,
    userAgent: agent,
    ...(object && { objectRef: object }),
    ...(body === undefined ? {} : { requestObject: body }),
    ...(as && { impersonatedUser: { username: as } }),
  });
const pod = (subresource: string) => ({ resource: 'pods', subresource, name: 'web-0', namespace: 'shop' });
const deployment = { resource: 'deployments', apiGroup: 'apps', name: 'web', namespace: 'shop' };
const release = (revision: number) => ({ resource: 'secrets', namespace: 'shop', name: `sh.helm.release.v1.web.v${revision}` });
const approved = (type: string) => ({ status: { conditions: [{ type }] } });
const restarted = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-05-04' } } } } };

describe('findings/intent', () => {
  const rows: readonly (readonly [expected: string | undefined, verb: string, ask: Ask])[] = [
    [
      'kubectl exec -it web-0 -n shop -c app -- sh -c id',
      'create',
      { object: pod('exec'), uri: '/e?stdin=true&tty=true&container=app&command=sh&command=-c&command=id' },
    ],
    ['kubectl exec web-0 -n shop -- [MASKED:token]', 'get', { object: pod('exec'), uri: '/e?command=%5BMASKED%3Atoken%5D' }],
    ['kubectl cp web-0:… … -n shop', 'create', { object: pod('exec'), uri: '/e?command=tar&command=cf&command=-&command=/etc' }],
    ['kubectl cp … web-0:… -n shop', 'create', { object: pod('exec'), uri: '/e?command=tar&command=-xmf&command=-' }],
    ['kubectl attach -it web-0 -n shop', 'create', { object: pod('attach'), uri: '/e?stdin=true&tty=true' }],
    ['kubectl port-forward web-0 -n shop', 'create', { object: pod('portforward') }],
    [
      'kubectl logs -f --previous --tail=20 web-0 -n shop -c app',
      'get',
      { object: pod('log'), uri: '/l?follow=true&previous=true&tailLines=20&container=app' },
    ],
    ['kubectl debug web-0 -n shop', 'patch', { object: pod('ephemeralcontainers') }],
    ['kubectl drain (evicts web-0) -n shop', 'create', { object: pod('eviction') }],
    [
      'kubectl create token robot -n shop',
      'create',
      { object: { resource: 'serviceaccounts', subresource: 'token', name: 'robot', namespace: 'shop' } },
    ],
    ['kubectl get secrets -A', 'list', { object: { resource: 'secrets' }, uri: '/api/v1/secrets?limit=500' }],
    ['kubectl get nodes', 'list', { object: { resource: 'nodes' } }],
    ['kubectl get namespaces shop', 'get', { object: { resource: 'namespaces', name: 'shop', namespace: 'shop' } }],
    [
      'kubectl get pods -n shop -l app=web -w',
      'watch',
      { object: { resource: 'pods', namespace: 'shop' }, uri: '/p?labelSelector=app%3Dweb&watch=true' },
    ],
    [
      'kubectl get certificates.cert-manager.io -A',
      'list',
      { object: { resource: 'certificates', apiGroup: 'cert-manager.io' } },
    ],
    [
      'kubectl describe (events) -n shop',
      'list',
      { object: { resource: 'events', namespace: 'shop' }, uri: '/e?fieldSelector=involvedObject.name%3Dweb-0' },
    ],
    ['kubectl top pods -n shop', 'list', { object: { resource: 'pods', apiGroup: 'metrics.k8s.io', namespace: 'shop' } }],
    [
      'kubectl auth can-i create pods',
      'create',
      {
        object: { resource: 'selfsubjectaccessreviews' },
        body: { spec: { resourceAttributes: { verb: 'create', resource: 'pods' } } },
      },
    ],
    ['kubectl auth can-i --list', 'create', { object: { resource: 'selfsubjectrulesreviews' } }],
    ['kubectl auth whoami', 'create', { object: { resource: 'selfsubjectreviews' } }],
    [
      'kubectl certificate approve eve',
      'update',
      { object: { resource: 'certificatesigningrequests', subresource: 'approval', name: 'eve' }, body: approved('Approved') },
    ],
    [
      'kubectl certificate deny eve',
      'update',
      { object: { resource: 'certificatesigningrequests', subresource: 'approval', name: 'eve' }, body: approved('Denied') },
    ],
    ['kubectl apply deployments web -n shop', 'patch', { object: deployment, uri: '/d?fieldManager=kubectl-client-side-apply' }],
    [
      'kubectl apply --server-side deployments web -n shop',
      'patch',
      { object: deployment, uri: '/d?fieldManager=kubectl&force=false' },
    ],
    [
      'kubectl rollout restart deployments web -n shop',
      'patch',
      { object: deployment, uri: '/d?fieldManager=kubectl-rollout', body: restarted },
    ],
    [
      'kubectl rollout deployments web -n shop',
      'patch',
      { object: deployment, uri: '/d?fieldManager=kubectl-rollout', body: undefined },
    ],
    ['kubectl set deployments web -n shop', 'patch', { object: deployment, uri: '/d?fieldManager=kubectl-set' }],
    ['kubectl scale deployments web -n shop', 'patch', { object: { ...deployment, subresource: 'scale' } }],
    [
      'kubectl edit deployments web -n shop --dry-run=server',
      'patch',
      { object: deployment, uri: '/d?fieldManager=kubectl-edit&dryRun=All' },
    ],
    [
      'kubectl cordon node-1',
      'patch',
      { object: { resource: 'nodes', name: 'node-1' }, body: { spec: { unschedulable: true } } },
    ],
    [
      'kubectl uncordon node-1',
      'patch',
      { object: { resource: 'nodes', name: 'node-1' }, body: { spec: { unschedulable: null } } },
    ],
    ['kubectl delete deployments web -n shop', 'delete', { object: deployment }],
    ['kubectl delete pods --all -n shop', 'deletecollection', { object: { resource: 'pods', namespace: 'shop' } }],
    [
      'kubectl delete pods web-0 -n shop --as=admin',
      'delete',
      { object: { resource: 'pods', name: 'web-0', namespace: 'shop' }, as: 'admin' },
    ],
    ['kubectl version', 'get', { uri: '/version?timeout=32s' }],
    ['kubectl get --raw /metrics', 'get', { uri: '/metrics' }],
    ['kubectl (asks what the server knows)', 'get', { uri: '/apis/apps/v1?timeout=32s' }],
    ['oc get secrets -A', 'list', { object: { resource: 'secrets' }, agent: 'oc/4.16.0 (linux/amd64)' }],
    ['helm install web -n shop', 'create', { object: release(1), agent: 'Helm/3.15.0' }],
    ['helm upgrade or rollback web -n shop', 'create', { object: release(4), agent: 'Go-http-client/2.0' }],
    ['helm uninstall (or drops revision 4) web -n shop', 'delete', { object: release(4), agent: 'Helm/3.15.0' }],
    [
      'helm list or status -A',
      'list',
      { object: { resource: 'secrets' }, uri: '/s?labelSelector=owner%3Dhelm', agent: 'Helm/3.15.0' },
    ],
    ['helm (create deployments web)', 'create', { object: deployment, agent: 'Helm/3.15.0' }],
    ['curl, like kubectl get secrets -A', 'list', { object: { resource: 'secrets' }, agent: 'curl/8.5.0' }],
    [undefined, 'list', { object: { resource: 'secrets' }, agent: 'kube-controller-manager/v1.31.0' }],
    [undefined, 'list', { object: { resource: 'secrets' }, agent: 'my-kubectl-like-thing' }],
  ];
  for (const [expected, verb, ask] of rows) {
    it(`reads ${verb} ${JSON.stringify(ask.object ?? ask.uri)} as ${expected}`, () =>
      expect(intent(verb, ask)).to.equal(expected));
  }

  it('cuts long commands, and never a mask in half', () => {
    const mask = '[MASKED:user:k1:0011223344556677]';
    const text = intent('create', {
      object: pod('exec'),
      uri: `/e?command=${'x'.repeat(115)}${encodeURIComponent(mask)}${'y'.repeat(300)}`,
    });
    expect(text).to.match(/x…$/);
    expect(text?.length).to.be.at.most(161);
  });

  it('takes words that every object inherits as any other word', () => {
    for (const word of ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty']) {
      const object = { resource: word, subresource: word, name: 'x' };
      for (const verb of ['get', 'create', word]) {
        const text = intent(verb, { object, uri: `/x?fieldManager=${word}`, agent: 'kubectl/v1.30.0' });
        expect(text)
          .to.match(/^kubectl /)
          .and.to.include(word);
        expect(text).not.to.match(/function|native code|object Object/);
      }
      const release = { resource: 'secrets', name: 'sh.helm.release.v1.web.v1' };
      expect(intent(word, { object: release, agent: 'Helm/3.14' })).to.equal(undefined);
    }
  });

  it('makes a short text or none of whatever it is given', () => {
    const shape = fc.record(
      {
        verb: fc.oneof(fc.constantFrom('get', 'create', 'delete', 'constructor'), fc.anything()),
        requestURI: fc.oneof(fc.string(), fc.constant('/x?%zz&command=%'), fc.anything()),
        userAgent: fc.oneof(fc.constantFrom('kubectl/v1', 'Helm/3', 'curl/8'), fc.anything()),
        objectRef: fc.oneof(
          fc.record({ resource: fc.constantFrom('pods', 'secrets', 'constructor', 'nodes'), subresource: fc.anything() }),
          fc.anything(),
        ),
        requestObject: fc.anything(),
        impersonatedUser: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(shape, fc.anything()), (event) => {
        const text = intentOf(event);
        expect(text === undefined || (text.length > 0 && text.length <= 161)).to.equal(true);
      }),
    );
  });

  it('reads every request of kubectl in a log of a real API server, and the releases of Helm in another', function () {
    const read = (path: string): readonly { readonly userAgent?: string }[] => {
      const bytes = readFileSync(sharedData(this, path));
      const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { readonly userAgent?: string }]));
    };
    const own = read('data/audit-logs/kube-apiserver-1.20.2-local/audit.log');
    const typed = own.filter(({ userAgent = '' }) => userAgent.startsWith('kubectl/'));
    const intents = typed.map(intentOf);
    expect(typed.length).to.be.greaterThan(500);
    expect(intents.every((text) => text?.startsWith('kubectl ') && !text.includes('undefined'))).to.equal(true);
    for (const expected of [
      'create token builder',
      'logs p1',
      'certificate approve evil-b',
      'auth can-i --list',
      'get secrets -A',
    ])
      expect(
        intents.some((text) => text?.startsWith(`kubectl ${expected}`)),
        expected,
      ).to.equal(true);
    const programs = own.filter(({ userAgent = '' }) => userAgent.startsWith('kube-apiserver/')).map(intentOf);
    expect(programs.every((text) => text === undefined)).to.equal(true);
    const churn = read('data/detections/benign/helm_churn_reconstructed.jsonl.gz').map(intentOf);
    expect(churn.filter((text) => text?.startsWith('helm install my-')).length).to.be.at.least(9);
  });
});
