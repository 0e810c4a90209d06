/** A made-up event with secrets of several kinds. */
export const exampleEvent = JSON.stringify(
  {
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'RequestResponse',
    auditID: '7b1d0c1e-0000-4000-8000-000000000001',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/shop/secrets?token=example-token-that-should-not-be-here',
    verb: 'create',
    user: { username: 'jane.doe@example.com', groups: ['developers', 'system:authenticated'] },
    sourceIPs: ['203.0.113.77'],
    userAgent: 'kubectl/v1.31.1 (linux/amd64) kubernetes/948afe5',
    objectRef: { resource: 'secrets', namespace: 'shop', name: 'database', apiVersion: 'v1' },
    responseStatus: { code: 201 },
    requestObject: {
      kind: 'Secret',
      metadata: {
        name: 'database',
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"password":"correct-horse-battery"}}',
        },
      },
      data: { password: 'Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5' },
      stringData: { url: 'postgres://shop:correct-horse-battery@db.example.com:5432/shop' },
    },
    requestReceivedTimestamp: '2026-05-04T09:00:00.000000Z',
    stageTimestamp: '2026-05-04T09:00:00.012000Z',
  },
  null,
  2,
);
