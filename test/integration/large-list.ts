import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import path from 'node:path';
import { planted } from './attack.ts';

/** An EventList as kube-apiserver may send it: a full batch of events as large as its truncation lets them be, 40 MB together. */
export function largeList(events = 400, eventBytes = 100_000): { readonly body: Buffer; readonly keys: readonly string[] } {
  const ids = Array.from({ length: events }, () => randomUUID());
  const filling = 'x'
    .repeat(60)
    .concat(' ')
    .repeat(Math.ceil(eventBytes / 61));
  const items = ids.map((auditID, i) => ({
    level: 'Request',
    auditID,
    stage: 'ResponseComplete',
    requestURI: '/api/v1/namespaces/default/configmaps',
    verb: 'create',
    user: { username: 'system:serviceaccount:default:builder', groups: ['system:authenticated'] },
    sourceIPs: ['192.0.2.7'],
    objectRef: { resource: 'configmaps', namespace: 'default', name: `large-${i}`, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 201 },
    requestObject: { kind: 'ConfigMap', apiVersion: 'v1', data: { 'a.txt': `password=${planted[0]}\n${filling}` } },
    requestReceivedTimestamp: new Date().toISOString().replace('Z', '000Z'),
    stageTimestamp: new Date().toISOString().replace('Z', '000Z'),
  }));
  const body = JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items });
  return { body: Buffer.from(body), keys: ids.map((id) => `${id} ResponseComplete`) };
}

/** Sends a body as kube-apiserver would, with the certificate that `init` made for it. @returns the status, 0 for none */
export function sendToAgent(folder: string, port: number, body: Buffer): Promise<number> {
  const file = (name: string): Buffer => readFileSync(path.join(folder, 'tls', name));
  const tls = { ca: file('ca.crt'), cert: file('client.crt'), key: file('client.key') };
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  return new Promise((resolve) => {
    const place = { host: '127.0.0.1', port, path: '/audit?timeout=30s', method: 'POST', agent: false };
    const sent = request({ ...place, ...tls, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', () => resolve(0));
    sent.end(body);
  });
}
