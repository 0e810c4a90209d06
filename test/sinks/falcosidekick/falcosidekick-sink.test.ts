import { expect } from 'chai';
import { falcosidekickSink } from '../../../src/config/sinks/falcosidekick.ts';
import { FalcosidekickSink } from '../../../src/sinks/falcosidekick/falcosidekick-sink.ts';
import { type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractId } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

const priorities = ['Emergency', 'Alert', 'Critical', 'Error', 'Warning', 'Notice', 'Informational', 'Debug'];

/** What the endpoint of falcosidekick takes: one payload of Falco with everything in it. */
function answer({ method, path, body }: SeenRequest): Reply {
  if (path === '/healthz') return { status: 200, body: '{"status":"ok"}' };
  if (method !== 'POST' || path !== '/') return { status: 405 };
  const payload = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const fields = Object.values((payload['output_fields'] ?? {}) as object) as readonly unknown[];
  const isValid =
    typeof payload['output'] === 'string' &&
    payload['output'] !== '' &&
    priorities.includes(String(payload['priority'])) &&
    typeof payload['rule'] === 'string' &&
    !Number.isNaN(Date.parse(String(payload['time']))) &&
    fields.length > 0 &&
    fields.every((value) => typeof value === 'string' || typeof value === 'number');
  return { status: isValid ? 200 : 400 };
}

describe('sinks/falcosidekick/falcosidekick-sink', () => {
  it('sends a request for each finding, and none after one that failed', async () => {
    let left = 2;
    const server = await startHttpServer((request) => (left-- > 0 ? answer(request) : { status: 503 }));
    const sink = new FalcosidekickSink(
      falcosidekickSink.options.parse({ type: 'falcosidekick', url: server.url }),
      testSinkContext(),
    );
    try {
      const outcomes = await sink.write(contractBatch('findings', 0, 5), new AbortController().signal);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(['delivered', 'delivered', 'errored', 'errored', 'errored']);
      expect(server.requests.map(({ body }) => (JSON.parse(body) as { uuid: string }).uuid)).to.deep.equal(
        [0, 1, 2].map(contractId),
      );
    } finally {
      await sink.close();
      await server.close();
    }
  });
});

sinkContract(
  'sinks/falcosidekick/falcosidekick-sink',
  () =>
    httpWorld({
      make: (url, notices) =>
        new FalcosidekickSink(falcosidekickSink.options.parse({ type: 'falcosidekick', url }), testSinkContext(notices)),
      answer,
    }),
  { content: 'findings', memoryRecords: 1_000 },
);
