import { expect } from 'chai';
import { otlpSink } from '../../../src/config/sinks/otlp.ts';
import { OtlpSink } from '../../../src/sinks/otlp/otlp-sink.ts';
import { type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractId, planted } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber: number;
  readonly eventName: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly KeyValue[];
}

interface Logs {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeLogs: readonly { readonly logRecords: readonly LogRecord[] }[];
  }[];
}

const logsOf = (body: string): readonly LogRecord[] =>
  (JSON.parse(body) as Logs).resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));

/** What a receiver checks: names and types of the JSON encoding of OTLP. */
function answer({ method, path, headers, body }: SeenRequest): Reply {
  if (method !== 'POST' || path !== '/v1/logs') return { status: 404 };
  if (headers['content-type'] !== 'application/json') return { status: 415 };
  const isValue = (value: KeyValue['value']): boolean =>
    Object.entries(value).every(
      ([type, of]) =>
        ['stringValue', 'intValue', 'arrayValue'].includes(type) && (type === 'arrayValue' || typeof of === 'string'),
    );
  const isValid = logsOf(body).every(
    ({ timeUnixNano, observedTimeUnixNano, severityNumber, attributes }) =>
      /^\d{19}$/.test(timeUnixNano) &&
      /^\d{19}$/.test(observedTimeUnixNano) &&
      severityNumber >= 1 &&
      severityNumber <= 24 &&
      attributes.every(({ value }) => isValue(value)),
  );
  return isValid ? { status: 200, body: '{"partialSuccess":{}}' } : { status: 400 };
}

const never = new AbortController().signal;

async function sent(
  content: 'events' | 'findings',
  reply = answer,
): Promise<{ body: string; statuses: string; notices: string[] }> {
  const notices: string[] = [];
  const server = await startHttpServer(reply);
  const sink = new OtlpSink(otlpSink.options.parse({ type: 'otlp', url: server.url, content }), testSinkContext(notices));
  try {
    const outcomes = await sink.write(contractBatch(content, 0, 2), never);
    return { body: server.requests[0]!.body, statuses: outcomes.map(({ status }) => status).join(), notices };
  } finally {
    await sink.close();
    await server.close();
  }
}

describe('sinks/otlp/otlp-sink', () => {
  it('sends log records with severity, name, attributes and the record as their body', async () => {
    const { body } = await sent('findings');
    const [, critical] = logsOf(body);
    expect(critical).to.include({ severityNumber: 21, eventName: 'security.finding', timeUnixNano: '1777888800000001000' });
    const attributes = Object.fromEntries(critical!.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
    expect(attributes).to.include({
      'log.record.uid': `${contractId(1)}-1`,
      'http.response.status_code': '201',
      'client.address': '192.0.2.7',
    });
    expect(JSON.parse(critical!.body.stringValue)).to.include({ id: contractId(1) });
    const [event] = logsOf((await sent('events')).body);
    expect(event).to.include({ severityNumber: 9, eventName: 'k8s.audit.event' });
  });

  it('tells how many records were refused where it is not said which, and rejects all where all were', async () => {
    const partly = (rejectedLogRecords: string) => (): Reply => ({
      status: 200,
      body: JSON.stringify({ partialSuccess: { rejectedLogRecords, errorMessage: planted } }),
    });
    const some = await sent('events', partly('1'));
    expect([some.statuses, some.notices.length]).to.deep.equal(['delivered,delivered', 1]);
    expect(some.notices[0])
      .to.match(/refused 1 of 2/)
      .and.not.contain(planted);
    expect((await sent('events', partly('2'))).statuses).to.equal('rejected,rejected');
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/otlp/otlp-sink',
    () =>
      httpWorld({
        make: (url, notices) => new OtlpSink(otlpSink.options.parse({ type: 'otlp', url, content }), testSinkContext(notices)),
        answer,
      }),
    { content, tenRecordsBytes: content === 'events' ? 24_000 : 30_000, memoryRecords: 6_000 },
  );
