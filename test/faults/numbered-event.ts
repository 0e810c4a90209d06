/** Beginning of a value in every event's body that must be masked: found anywhere, it has leaked. */
export const plantedValue = 'kept-out-';

/** A small update of a ConfigMap as kube-apiserver writes it, with a value in its body that must be masked. */
export function numberedEvent(number: number, auditID: string): string {
  const at = new Date(1_772_442_000_000 + number).toISOString().replace('Z', '000Z');
  const name = `settings-${number}`;
  return JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Request',
    auditID,
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/shop/configmaps/${name}`,
    verb: 'update',
    user: { username: 'system:serviceaccount:shop:checkout', groups: ['system:serviceaccounts', 'system:authenticated'] },
    sourceIPs: ['10.244.1.7'],
    userAgent: 'checkout/v2.4.1',
    objectRef: { resource: 'configmaps', namespace: 'shop', name, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestObject: {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name },
      data: { 'app.yaml': `password: ${plantedValue}${number}\n` },
    },
    requestReceivedTimestamp: at,
    stageTimestamp: at,
  });
}
