import { gzipSync } from 'node:zlib';

/** One audit event in every wrapper that is known. */
export const auditEvent = (id: string, note = 'x'): string =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"${id}","verb":"create","note":${JSON.stringify(note)},"n":1.0}`;

const subscription = (events: readonly string[], logStream = 'kube-apiserver-audit-1'): object => ({
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/aws/eks/demo/cluster',
  logStream,
  subscriptionFilters: ['all'],
  logEvents: events.map((message, id) => ({ id: String(id), timestamp: 1, message })),
});
const packed = (value: object): string => gzipSync(JSON.stringify(value)).toString('base64');

/** Texts of one line each that hold these events, by what made them. */
export function wrappers(events: readonly string[]): Readonly<Record<string, string>> {
  const azure = (log: unknown): object => ({ category: 'kube-audit', time: 't', properties: { log, stream: 'stdout' } });
  return {
    'Azure, text': JSON.stringify({ records: events.map((event) => azure(`${event}\n`)) }),
    'Azure, object': `{"records":[${events.map((event) => `{"category":"kube-audit","properties":{"log":${event}}}`).join(',')}]}`,
    CloudWatch: JSON.stringify(subscription(events)),
    'CloudWatch through Lambda': JSON.stringify({ awslogs: { data: packed(subscription(events)) } }),
    'CloudWatch through Kinesis': JSON.stringify({ Records: [{ kinesis: { data: packed(subscription(events)) } }] }),
    'CloudWatch through Firehose': JSON.stringify({ records: [{ recordId: 'a', data: packed(subscription(events)) }] }),
    'CloudWatch, packed alone': packed(subscription(events)),
    'CloudWatch messages one after another': events.map((event) => JSON.stringify(subscription([event]))).join(''),
    'CloudWatch get-log-events': JSON.stringify({ events: events.map((message) => ({ timestamp: 1, message })) }),
    'CloudWatch Insights': JSON.stringify(events.map((event) => ({ '@timestamp': 't', '@message': event }))),
    'Pub/Sub': `[${events.map((event) => JSON.stringify({ message: { data: Buffer.from(event).toString('base64') } })).join(',')}]`,
  };
}
