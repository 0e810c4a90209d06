import { expect } from 'chai';
import { lokiSink } from '../../../src/config/sinks/loki.ts';
import { recordFlags } from '../../../src/core/record.ts';
import { LokiSink } from '../../../src/sinks/loki/loki-sink.ts';
import { type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractId, contractRecord } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

interface Push {
  readonly streams: readonly {
    readonly stream: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [time: string, line: string, metadata?: Readonly<Record<string, string>>])[];
  }[];
}

const push = (body: string): Push => JSON.parse(body) as Push;

/** What Loki checks of a push (HTTP API of Loki, `POST /loki/api/v1/push`). */
function answer({ method, path, headers, body }: SeenRequest): Reply {
  if (path !== '/loki/api/v1/push') return { status: 404 };
  if (method !== 'POST') return { status: 405 };
  if (headers['content-type'] !== 'application/json') return { status: 400 };
  const isTexts = (texts: object): boolean => Object.values(texts).every((text) => typeof text === 'string');
  const isValid = push(body).streams.every(
    ({ stream, values }) =>
      Object.keys(stream).length > 0 &&
      Object.entries(stream).every(([name, text]) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && text !== '') &&
      values.every(([time, line, metadata]) => /^\d{19}$/.test(time) && line !== '' && isTexts(metadata ?? {})),
  );
  return isValid ? { status: 204 } : { status: 400 };
}

describe('sinks/loki/loki-sink', () => {
  it('has few labels, times in nanoseconds in order, and the rest beside the line', async () => {
    const server = await startHttpServer(answer);
    const options = { type: 'loki', url: server.url, labels: { env: 'prod' }, tenant: 'team-1' };
    const sink = new LokiSink(lokiSink.options.parse(options), testSinkContext());
    const at = (n: number, seconds: number, flags = 0) => ({
      ...contractRecord('events', n),
      eventTimeUs: 1_777_888_999_000_001 + seconds * 1e6,
      flags,
    });
    try {
      const records = [at(0, 5), at(1, 3), at(2, 4, recordFlags.writes)];
      await sink.write({ records, end: { segment: 1, offset: 0 } }, new AbortController().signal);
    } finally {
      await sink.close();
      await server.close();
    }
    const [request] = server.requests;
    const { streams } = push(request!.body);
    const labels = { env: 'prod', service_name: 'auditveil', cluster: 'lab', content: 'events' };
    expect(streams.map(({ stream }) => stream)).to.deep.equal([
      { ...labels, access: 'read' },
      { ...labels, access: 'write' },
    ]);
    expect(streams[0]?.values.map(([time]) => time)).to.deep.equal(['1777889002000001000', '1777889004000001000']);
    expect(JSON.parse(streams[0]!.values[0]![1])).to.include({ auditID: contractId(1) });
    expect(streams[0]?.values[0]?.[2]).to.include({
      verb: 'update',
      resource: 'configmaps',
      namespace: 'shop',
      audit_id: contractId(1),
    });
    expect([request?.headers['x-scope-orgid'], request?.headers['content-encoding']]).to.deep.equal(['team-1', 'gzip']);
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/loki/loki-sink',
    () =>
      httpWorld({
        make: (url, notices) => new LokiSink(lokiSink.options.parse({ type: 'loki', url, content }), testSinkContext(notices)),
        answer,
        // Streams have no order among each other.
        kept: ({ body }) =>
          push(body)
            .streams.flatMap(({ values }) => values.map(([, line]) => line))
            .sort((a, b) => (/contract-\d+/.exec(a)![0] < /contract-\d+/.exec(b)![0] ? -1 : 1)),
      }),
    { content, tenRecordsBytes: content === 'events' ? 13_000 : 18_000, memoryRecords: 6_000 },
  );
