import { expect } from 'chai';
import fc from 'fast-check';
import { openLogEntry } from '../../../src/sources/frames/log-entry.ts';

const rebuild = (entry: unknown): string => {
  const bytes = Buffer.from(typeof entry === 'string' ? entry : JSON.stringify(entry));
  return openLogEntry(bytes, { start: 0, end: bytes.length }).bytes.toString();
};
const eventOf = (payload: object, more: object = {}): Record<string, unknown> =>
  JSON.parse(rebuild({ ...more, protoPayload: { serviceName: 'k8s.io', ...payload } })) as Record<string, unknown>;

const entry = {
  insertId: '5a-1',
  logName: 'projects/demo/logs/cloudaudit.googleapis.com%2Factivity',
  operation: { first: true, id: 'f6fdb7ad-0000-4000-8000-000000000001', last: true, producer: 'k8s.io' },
  labels: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': 'r' },
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    authenticationInfo: { principalEmail: 'jane@example.com' },
    authorizationInfo: [
      { granted: true, permission: 'io.k8s.core.v1.pods.create', resource: 'core/v1/namespaces/shop/pods/web' },
    ],
    methodName: 'io.k8s.core.v1.pods.create',
    request: { '@type': 'core.k8s.io/v1.Pod', kind: 'Pod', spec: { hostPID: true } },
    requestMetadata: { callerIp: '192.0.2.7', callerSuppliedUserAgent: 'kubectl/v1.31.0' },
    resourceName: 'core/v1/namespaces/shop/pods/web',
    response: { kind: 'Pod' },
    serviceName: 'k8s.io',
    status: { code: 0 },
  },
  resource: { labels: { cluster_name: 'demo' }, type: 'k8s_cluster' },
  timestamp: '2026-05-04T09:12:33.127649123Z',
};

describe('sources/frames/log-entry', () => {
  it('rebuilds what holds half a surrogate pair, and whatever else stands in an exec', () => {
    const exec = { methodName: 'io.k8s.core.v1.pods.exec.create', resourceName: 'core/v1/namespaces/a/pods/b/exec' };
    const half = rebuild(
      JSON.stringify({ protoPayload: { ...exec, request: { command: ['sh', 'X#Y'], container: '#' } } }).replaceAll(
        '#',
        '\\ud800',
      ),
    );
    expect((JSON.parse(half) as { requestURI: string }).requestURI).to.contain('command=X%EF%BF%BDY&container=%EF%BF%BD');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string({ unit: fc.constantFrom('a', '\ud800', '\udc00', '"', '\\') })),
        (text, words) => {
          const request = { command: words, container: text };
          expect(eventOf({ ...exec, request })).to.have.property('verb', 'create');
        },
      ),
    );
  });

  it('rebuilds an event with everything the entry says', () => {
    const { logEntry, ...event } = JSON.parse(rebuild(entry)) as Record<string, unknown>;
    expect(event).to.deep.equal({
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      level: 'RequestResponse',
      auditID: 'f6fdb7ad-0000-4000-8000-000000000001',
      stage: 'ResponseComplete',
      requestURI: '/api/v1/namespaces/shop/pods/web',
      verb: 'create',
      user: { username: 'jane@example.com' },
      sourceIPs: ['192.0.2.7'],
      userAgent: 'kubectl/v1.31.0',
      objectRef: { apiGroup: '', apiVersion: 'v1', resource: 'pods', namespace: 'shop', name: 'web' },
      responseStatus: { metadata: {}, code: 201 },
      requestObject: entry.protoPayload.request,
      responseObject: { kind: 'Pod' },
      requestReceivedTimestamp: '2026-05-04T09:12:33.127649Z',
      stageTimestamp: '2026-05-04T09:12:33.127649Z',
      annotations: entry.labels,
    });
    const { request: _, response: __, ...payload } = entry.protoPayload;
    const { labels: ___, ...top } = entry;
    expect(logEntry).to.deep.equal({ ...top, protoPayload: payload });
  });

  it('copies bodies byte for byte', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const text = JSON.stringify({ body }, undefined, 1).replaceAll('\n', ' ');
        expect(rebuild(`{"protoPayload":{"request": ${text} ,"serviceName":"k8s.io"}}`)).to.include(`"requestObject":${text},`);
      }),
    );
    expect(rebuild('{"protoPayload":{"request":{"n":1.0,"n":1e3,"s":"\\u003c"}}}')).to.include('{"n":1.0,"n":1e3,"s":"\\u003c"}');
  });

  it('never makes text that is no JSON of an entry that is', () => {
    const word = fc.constantFrom('first', 'id', 'code', 'granted', 'command', 'kind', 'authorization.k8s.io/decision', 'a"b');
    const inner = fc.dictionary(word, fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('Status', true, 7, '')));
    const names = ['request', 'response', 'status', 'authenticationInfo', 'authorizationInfo', 'requestMetadata'];
    const payload = fc.record(Object.fromEntries(names.map((name) => [name, fc.oneof(inner, fc.jsonValue({ maxDepth: 1 }))])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(payload, fc.string(), fc.string(), fc.oneof(inner, fc.constant(null)), (body, method, resourceName, labels) => {
        const text = JSON.stringify({ labels, protoPayload: { ...body, methodName: method, resourceName } });
        expect(() => JSON.parse(rebuild(text)) as unknown).not.to.throw();
      }),
    );
  });

  it('says what the answer was', () => {
    const code = (payload: object): unknown => (eventOf(payload)['responseStatus'] as { code: number }).code;
    const named = { methodName: 'io.k8s.core.v1.pods.get', resourceName: 'core/v1/namespaces/a/pods/b' };
    expect(code(named)).to.equal(200);
    expect(code({ ...named, status: { code: 7, message: 'no' } })).to.equal(403);
    expect(code({ ...named, status: { code: 5 } })).to.equal(404);
    expect(code({ ...named, authorizationInfo: [{ granted: false }] })).to.equal(403);
    expect(code({ ...named, status: { code: 10 }, response: { kind: 'Status', code: 409 } })).to.equal(409);
  });

  it('adds the decision where only the permissions have it', () => {
    const decide = (granted: boolean, labels?: object) =>
      eventOf({ authorizationInfo: [{ granted }] }, labels ? { labels } : {})['annotations'];
    expect(decide(true)).to.deep.equal({ 'authorization.k8s.io/decision': 'allow' });
    expect(decide(false, {})).to.deep.equal({ 'authorization.k8s.io/decision': 'forbid' });
    expect(decide(true, { a: 'b' })).to.deep.equal({ 'authorization.k8s.io/decision': 'allow', a: 'b' });
  });

  it('knows who asked, and whom they said to be', () => {
    const people = (authenticationInfo: object) => {
      const { user, impersonatedUser } = eventOf({ authenticationInfo });
      return [user, impersonatedUser];
    };
    expect(people({ authoritySelector: 'system:anonymous' })).to.deep.equal([{ username: 'system:anonymous' }, undefined]);
    expect(people({ principalEmail: 'a', authoritySelector: 'b' })).to.deep.equal([{ username: 'a' }, { username: 'b' }]);
    expect(people({})).to.deep.equal([{ username: '' }, undefined]);
  });

  it('writes what was run into the path, and calls the one entry of a session its beginning', () => {
    const exec = eventOf({
      methodName: 'io.k8s.core.v1.pods.exec.create',
      resourceName: 'core/v1/namespaces/a/pods/b/exec',
      request: { command: ['sh', '-c', 'ls /a b'], container: 'c', tty: true },
    });
    expect(exec['requestURI']).to.equal(
      '/api/v1/namespaces/a/pods/b/exec?command=sh&command=-c&command=ls%20%2Fa%20b&container=c&tty=true',
    );
    expect(exec['stage']).to.equal('ResponseStarted');
    expect(exec['responseStatus']).to.deep.include({ code: 101 });
  });

  it('takes the permission for the method where another service acts on the cluster', () => {
    const event = eventOf({
      serviceName: 'deploymentmanager.googleapis.com',
      methodName: 'v2.deploymentmanager.deployments.insert',
      resourceName: 'projects/demo/deployments/x',
      authorizationInfo: [{ granted: true, permission: 'io.k8s.batch.v1.cronjobs.create' }],
    });
    expect(event['verb']).to.equal('create');
    expect(event['objectRef']).to.deep.equal({ apiGroup: 'batch', apiVersion: 'v1', resource: 'cronjobs' });
  });

  it('writes times as the API server does, and none where it cannot read them', () => {
    const time = (timestamp: unknown) => eventOf({}, { timestamp })['stageTimestamp'];
    expect(time('2024-02-13 12:45:06.073905000')).to.equal('2024-02-13T12:45:06.073905Z');
    expect(time('2024-02-13T12:45:06Z')).to.equal('2024-02-13T12:45:06Z');
    expect(time('yesterday')).to.equal(undefined);
    expect(time(7)).to.equal(undefined);
  });
});
