import { freePort } from '../../faults/free-port.ts';
import { BulkFake } from '../../sinks/opensearch/bulk-fake.ts';
import { type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { Gate } from './gate.ts';
import type { Receiver } from './receiver.ts';
import { SeenEvents } from './seen-events.ts';

type Answer = (request: SeenRequest) => Reply;

/** A path, the method POST and a body that is JSON; anything else is refused. */
const json =
  (path: string, reply: Reply): Answer =>
  (request) => {
    if (request.path !== path || request.method !== 'POST') return { status: 404 };
    JSON.parse(request.body);
    return reply;
  };

const linesOf: Answer = ({ method, body }) => {
  if (method !== 'POST') return { status: 405 };
  for (const line of body.trimEnd().split('\n')) JSON.parse(line);
  return { status: 200 };
};

function clickhouse(request: SeenRequest): Reply {
  const query = new URL(request.path, 'http://x').searchParams.get('query') ?? '';
  if (query.startsWith('INSERT INTO auditveil_events FORMAT JSONEachRow')) return linesOf(request);
  return { status: /^(CREATE TABLE|SELECT) /.test(query) ? 200 : 400 };
}

function bulk(): Answer {
  const fake = new BulkFake();
  return (request) => {
    const reply = fake.answer(request);
    fake.documents.clear();
    return reply;
  };
}

const alerts: Answer = (request) =>
  request.method === 'GET'
    ? { status: 200, body: '{"versionInfo":{"version":"0.33.1"}}' }
    : json('/api/v2/alerts', { status: 200 })(request);

/** Sinks over HTTP: options behind `type` and the address, whether they take events, and what the other side answers. */
const kinds: readonly (readonly [type: string, options: (url: string) => string, takesEvents: boolean, answer: Answer])[] = [
  ['webhook', (url) => `url: "${url}/"`, true, ({ method }) => ({ status: method === 'POST' ? 200 : 405 })],
  ['loki', (url) => `url: "${url}"`, true, json('/loki/api/v1/push', { status: 204 })],
  ['otlp', (url) => `url: "${url}"`, true, json('/v1/logs', { status: 200, body: '{"partialSuccess":{}}' })],
  ['opensearch', (url) => `url: "${url}"`, true, bulk()],
  ['clickhouse', (url) => `url: "${url}"`, true, clickhouse],
  ['alertmanager', (url) => `urls: ["${url}"]`, false, alerts],
  [
    'falcosidekick',
    (url) => `url: "${url}"`,
    false,
    ({ method, path }) => ({ status: method === 'POST' || path === '/healthz' ? 200 : 405 }),
  ],
  ['slack', (url) => `url: "${url}/x"`, false, json('/x', { status: 200, body: 'ok' })],
  ['teams', (url) => `url: "${url}/x"`, false, json('/x', { status: 202 })],
  [
    'pagerduty',
    (url) => `url: "${url}/x", routingKey: ${'a'.repeat(32)}`,
    false,
    json('/x', { status: 202, body: '{"status":"success"}' }),
  ],
];

export async function httpReceivers(leaked: (text: string) => void): Promise<readonly Receiver[]> {
  const made: Receiver[] = [];
  for (const [type, options, takesEvents, answer] of kinds) {
    const port = await freePort();
    const events = takesEvents ? new SeenEvents() : undefined;
    let taken = 0;
    const server = await startHttpServer((request) => {
      server.requests.length = 0;
      leaked(request.body);
      const reply = answer(request);
      if (reply.status < 300 && request.body !== '') {
        taken++;
        events?.addFrom(request.body);
      }
      return reply;
    });
    const gate = new Gate(port, () => server.port);
    await gate.open();
    const content = takesEvents ? ', content: events, whenBehind: hold' : '';
    const sink = `type: ${type}, ${options(`http://127.0.0.1:${port}`)}${content}`;
    made.push({ name: type, sink, ...(events && { events }), taken: () => taken, gate, close: () => server.close() });
  }
  return made;
}
