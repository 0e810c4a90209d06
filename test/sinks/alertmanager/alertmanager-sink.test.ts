import { expect } from 'chai';
import { alertmanagerSink } from '../../../src/config/sinks/alertmanager.ts';
import { type MaskedRecord, recordTypes } from '../../../src/core/record.ts';
import type { Alert } from '../../../src/sinks/alertmanager/alert-of.ts';
import { AlertmanagerSink } from '../../../src/sinks/alertmanager/alertmanager-sink.ts';
import { full } from '../../findings/support.ts';
import { type HttpServer, type Reply, type SeenRequest, startHttpServer } from '../../support/http-server.ts';
import { maskedRecord } from '../../support/masked-record.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';

const never = new AbortController().signal;
const nowMs = Date.UTC(2026, 4, 4, 12);

/** What Alertmanager checks (api/v2 of its OpenAPI description, and validation of alerts). */
function answer({ method, path, headers, body }: SeenRequest): Reply {
  if (method === 'GET' && path === '/api/v2/status') return { status: 200, body: '{"cluster":{"status":"ready"}}' };
  if (method !== 'POST' || path !== '/api/v2/alerts') return { status: 404 };
  if (headers['content-type'] !== 'application/json') return { status: 415 };
  const alerts = JSON.parse(body) as Alert[];
  const isText = (value: unknown): boolean => typeof value === 'string';
  const areTexts = (texts: object): boolean =>
    Object.entries(texts).every(([name, text]) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && isText(text));
  const isValid = alerts.every(
    ({ labels, annotations, startsAt, endsAt }) =>
      Object.keys(labels).length > 0 && areTexts(labels) && areTexts(annotations) && Date.parse(startsAt) <= Date.parse(endsAt),
  );
  return { status: isValid ? 200 : 400 };
}

describe('sinks/alertmanager/alertmanager-sink', () => {
  let servers: HttpServer[] = [];
  const sinks: AlertmanagerSink[] = [];
  const notices: string[] = [];
  afterEach(async () => {
    await Promise.all(sinks.splice(0).map((sink) => sink.close()));
    await Promise.all(servers.map((server) => server.close()));
    servers = [];
    notices.length = 0;
  });
  const start = async (handler = answer as Parameters<typeof startHttpServer>[0]): Promise<HttpServer> => {
    servers.push(await startHttpServer(handler));
    return servers.at(-1)!;
  };
  const sink = (urls: readonly string[], more: object = {}): AlertmanagerSink => {
    const options = alertmanagerSink.options.parse({ type: 'alertmanager', urls, ...more });
    sinks.push(new AlertmanagerSink(options, testSinkContext(notices, { clock: { nowMs: () => nowMs } })));
    return sinks.at(-1)!;
  };
  const batch = (...records: readonly MaskedRecord[]) => ({ records, end: { segment: 1, offset: 0 } });
  const finding = (more: object = {}) => maskedRecord({ ...full, ...more }, { type: recordTypes.finding });
  const sent = (server: HttpServer): readonly Alert[] => server.requests.flatMap(({ body }) => JSON.parse(body) as Alert[]);
  const merged = { episode: { ...full.episode, mergedInto: 'e-0' } };

  it('has few label values, the rest in annotations, and an end', async () => {
    const server = await start();
    const generatorUrl = 'https://siem.example.com/f/{id}';
    await sink([server.url], { labels: { team: 'sec' }, generatorUrl }).write(batch(finding({ id: 'a/b' })), never);
    const [alert] = sent(server);
    expect(alert?.labels).to.deep.equal({
      team: 'sec',
      alertname: 'Administrator role bound',
      rule_id: full.rule.id,
      severity: 'high',
      cluster: 'lab',
      namespace: 'shop',
    });
    expect(alert?.annotations).to.include({ finding_id: 'a/b', user: full.event.user, source_ip: '192.0.2.7', count: '7' });
    expect([alert?.startsAt, alert?.endsAt]).to.deep.equal(['2026-05-04T09:59:00.000000Z', '2026-05-04T13:00:00.000Z']);
    expect(alert?.generatorURL).to.equal('https://siem.example.com/f/a%2Fb');
  });

  it('ends the alert of an episode that went into another one, where no other finding shares it', async () => {
    const server = await start();
    await sink([server.url], { perFinding: true }).write(batch(finding(merged)), never);
    expect(sent(server)[0]).to.nested.include({ 'labels.finding_id': full.id, endsAt: '2026-05-04T12:00:00.000Z' });
    const outcomes = await sink([server.url]).write(batch(finding(merged)), never);
    expect([outcomes[0]?.status, server.requests.length]).to.deep.equal(['delivered', 1]);
  });

  it('bounds and cleans what an attacker can choose', async () => {
    const server = await start();
    const event = { ...full.event, namespace: `a\u202eb\n${'x'.repeat(5_000)}`, userAgent: 'y'.repeat(100_000) };
    await sink([server.url]).write(batch(finding({ event })), never);
    const [alert] = sent(server);
    expect(alert?.labels['namespace'])
      .to.match(/^a b x+…$/)
      .and.have.length(256);
    expect(alert?.annotations['user_agent']).to.have.length(2_048);
  });

  it('sends to all, is content with one, and says once which one is away', async () => {
    const [one, two] = [await start(), await start(() => ({ status: 503 }))];
    const to = sink([two.url, one.url]);
    for (const from of [0, 3]) {
      const outcomes = await to.write(contractBatch('findings', from, 3), never);
      expect(outcomes.every(({ status }) => status === 'delivered')).to.equal(true);
    }
    expect([sent(one).length, sent(two).length, notices.length]).to.deep.equal([6, 6, 1]);
    expect(notices[0]).to.contain(`127.0.0.1:${two.port} answered 503`);
    expect(await to.check(never).catch((error: unknown) => error)).to.include({ code: 'E_SINK_SERVER' });
  });

  it('does not wait long for one that hangs', async () => {
    const [one, hanging] = [await start(), await start(() => undefined)];
    const began = Date.now();
    const outcomes = await sink([hanging.url, one.url]).write(contractBatch('findings', 0, 1), never);
    expect(outcomes[0]?.status).to.equal('delivered');
    expect(Date.now() - began).to.be.lessThan(4_000);
  });
});

sinkContract(
  'sinks/alertmanager/alertmanager-sink',
  () =>
    httpWorld({
      make: (url, notices) => {
        const options = alertmanagerSink.options.parse({ type: 'alertmanager', urls: [url] });
        return new AlertmanagerSink(options, testSinkContext(notices));
      },
      answer,
      isBounded: true,
    }),
  { content: 'findings' },
);
