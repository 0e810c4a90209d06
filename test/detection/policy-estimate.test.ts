import { expect } from 'chai';
import { parseAuditPolicy } from '../../src/detection/audit-policy.ts';
import { PolicyEstimator } from '../../src/detection/policy-estimate.ts';

const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules:\n';
const rules = `  - { level: None, userGroups: ['system:nodes'] }
  - { level: Request, verbs: [create, get], resources: [{ resources: [pods] }] }
  - { level: Metadata, resources: [{ resources: [secrets] }] }
`;
const event = (more: object) => ({
  level: 'RequestResponse',
  stage: 'ResponseComplete',
  verb: 'create',
  user: { username: 'jane', groups: ['system:authenticated'] },
  objectRef: { resource: 'pods', namespace: 'shop' },
  stageTimestamp: '2026-05-04T09:00:00Z',
  ...more,
});

function estimate(...events: readonly object[]) {
  const estimator = new PolicyEstimator(parseAuditPolicy('p.yaml', head + rules));
  for (const one of events) estimator.add(one, JSON.stringify(one).length);
  return estimator.estimate();
}

describe('detection/policy-estimate', () => {
  it('counts what the policy keeps of each event: bodies above its level, stages left out and other requests do not count', () => {
    const bodies = { requestObject: { spec: 'x'.repeat(100) }, responseObject: { status: 'y'.repeat(200) } };
    const pod = event(bodies);
    const secret = event({ ...bodies, objectRef: { resource: 'secrets' } });
    const { responseObject: _, ...request } = pod as Record<string, unknown>;
    const { requestObject: __, responseObject: ___, ...metadata } = secret as Record<string, unknown>;
    expect(estimate(pod).loggedBytes).to.be.closeTo(JSON.stringify(request).length, 2);
    expect(estimate(secret).loggedBytes).to.be.closeTo(JSON.stringify(metadata).length, 4);
    const gone = [
      event({ stage: 'RequestReceived' }),
      event({ user: { username: 'system:node:a' } }),
      event({ objectRef: { resource: 'nodes' } }),
    ];
    expect(estimate(...gone)).to.include({ events: 3, loggedEvents: 0, loggedBytes: 0 });
  });

  it('says how long the sample is, and how many bodies it lacks', () => {
    const metadata = { level: 'Metadata' };
    const { spanMs, withoutBodies } = estimate(
      event(metadata),
      event({ ...metadata, verb: 'get', stageTimestamp: '2026-05-04T10:00:00Z' }),
      event({ stageTimestamp: undefined, requestReceivedTimestamp: '2026-05-04T08:30:00Z' }),
    );
    expect(spanMs).to.equal(90 * 60_000);
    expect(withoutBodies).to.equal(1);
    expect(estimate({}, { verb: 3, user: 'x', objectRef: {} })).to.include({ events: 2, spanMs: 0 });
  });

  it('takes members that are something else than the API server writes for missing', () => {
    const odd = [null, 'x', 7, ['pods'], { resource: 7 }].map((objectRef) => event({ objectRef }));
    const others = [event({ user: null }), event({ user: ['jane'] }), event({ requestURI: 7 }), event({ verb: ['get'] })];
    expect(estimate(...odd, ...others)).to.include({ events: 9 });
  });
});
