import { expect } from 'chai';
import { pagerdutySink } from '../../../src/config/sinks/pagerduty.ts';
import { recordTypes } from '../../../src/core/record.ts';
import { PagerdutySink } from '../../../src/sinks/pagerduty/pagerduty-sink.ts';
import { full } from '../../findings/support.ts';
import { type HttpServer, type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

interface Event {
  readonly routing_key: string;
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: Readonly<Record<string, string>>;
}

/** What the Events API v2 checks. */
function answer({ method, body }: SeenRequest): Reply {
  if (method !== 'POST') return { status: 405 };
  const { routing_key, event_action, dedup_key, payload } = JSON.parse(body) as Event;
  const isPayload = !!payload?.['source'] && (payload['summary'] ?? '').length <= 1_024;
  const isSeverity = ['critical', 'error', 'warning', 'info'].includes(payload?.['severity'] ?? '');
  const isValid =
    routing_key.length === 32 && dedup_key.length <= 255 && (event_action === 'resolve' || (isPayload && isSeverity));
  return isValid ? { status: 202, body: '{"status":"success"}' } : { status: 400, body: '{"status":"invalid event"}' };
}

const routingKey = 'a'.repeat(32);
const never = new AbortController().signal;

describe('sinks/pagerduty/pagerduty-sink', () => {
  let server: HttpServer;
  let sink: PagerdutySink;
  beforeEach(async () => {
    server = await startHttpServer(answer);
    const options = { type: 'pagerduty', url: server.url, routingKey, linkUrl: 'https://s.example.com/{id}' };
    sink = new PagerdutySink(pagerdutySink.options.parse(options), testSinkContext());
  });
  afterEach(async () => {
    await sink.close();
    await server.close();
  });
  const write = async (...findings: readonly object[]) => {
    const records = findings.map((finding) => maskedRecord(finding, { type: recordTypes.finding }));
    return (await sink.write({ records, end: { segment: 1, offset: 0 } }, never)).map(({ status }) => status);
  };
  const sent = (): readonly Event[] => server.requests.map(({ body }) => JSON.parse(body) as Event);

  it('triggers under the id of the finding, and resolves an episode that went into another one', async () => {
    const merged = { ...full, revision: 3, episode: { ...full.episode, mergedInto: 'e-0' } };
    expect(await write(full, merged)).to.deep.equal(['delivered', 'delivered']);
    const [trigger, resolve] = sent();
    expect(trigger).to.deep.include({
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: 'f00d',
      client_url: 'https://s.example.com/f00d',
    });
    expect(trigger?.payload).to.include({ severity: 'error', source: 'lab', class: 'Administrator role bound', group: 'shop' });
    expect(resolve).to.deep.equal({ routing_key: routingKey, event_action: 'resolve', dedup_key: 'f00d' });
  });

  it('bounds what an attacker can choose', async () => {
    const long = 'x'.repeat(100_000);
    expect(await write({ ...full, event: { ...full.event, name: long, namespace: long, user: long } })).to.deep.equal([
      'delivered',
    ]);
    expect(server.requests[0]!.body.length).to.be.lessThan(8_000);
  });
});

sinkContract(
  'sinks/pagerduty/pagerduty-sink',
  () =>
    httpWorld({
      make: (url, notices) =>
        new PagerdutySink(pagerdutySink.options.parse({ type: 'pagerduty', url, routingKey }), testSinkContext(notices)),
      answer,
      isBounded: true,
    }),
  { content: 'findings', memoryRecords: 1_000 },
);
