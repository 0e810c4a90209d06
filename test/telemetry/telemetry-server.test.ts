import { get } from 'node:http';
import { expect } from 'chai';
import { channels } from '../../src/telemetry/channels.ts';
import { Health } from '../../src/telemetry/health.ts';
import type { Reading, Readings } from '../../src/telemetry/readings.ts';
import { TelemetryServer } from '../../src/telemetry/telemetry-server.ts';

const none = (): readonly Reading[] => [];
const quiet: Readings = {
  eventsReceived: none,
  valuesMasked: none,
  stubs: none,
  leftOut: none,
  findings: none,
  repeats: none,
  recordsAppended: none,
  appendRetries: none,
  sourceNotices: none,
  logLosses: none,
  sinkRecords: none,
  sinkRetries: none,
  sinkBreaker: none,
  sinkBehindBytes: none,
  sinkAgeSeconds: none,
  findingsHidden: none,
  transportLag: () => [],
  transportJoined: () => [],
  correlationState: none,
  correlationLosses: none,
  selfTestFailures: none,
  workersEnded: none,
  logBytes: none,
  logFull: none,
  logHeld: () => [],
  requests: none,
  requestBytes: none,
  disconnections: none,
  receiverState: none,
  onAnswer: () => undefined,
  lagSeconds: none,
  silences: () => [{ value: 3, labels: { source: 'audit' } }],
  certificates: () => [],
};

function fetch(url: string, method = 'GET'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    get(url, { method }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

describe('telemetry/telemetry-server', () => {
  let server: TelemetryServer | undefined;
  afterEach(() => server?.close());

  async function start(readings: Partial<Readings>, health = new Health()): Promise<string> {
    server = new TelemetryServer({ listen: '127.0.0.1:0', readings: { ...quiet, ...readings }, health });
    return `http://${await server.start()}`;
  }

  it('serves what is read at the moment of the scrape', async () => {
    let received = 3;
    const url = await start({
      eventsReceived: () => [{ value: received, labels: { source: 'audit' } }],
      logFull: () => [{ value: 1, labels: { log: 'events' } }],
    });
    expect((await fetch(`${url}/metrics`)).text).to.include('auditveil_events_received_total{source="audit"} 3');
    received = 7;
    const { text } = await fetch(`${url}/metrics`);
    expect(text)
      .to.include('auditveil_events_received_total{source="audit"} 7')
      .and.to.include('auditveil_log_full{log="events"} 1');
    expect(text).to.include('# TYPE auditveil_events_received_total counter').and.to.include('# TYPE auditveil_log_full gauge');
  });

  it('is live always and ready while no check fails', async () => {
    let problem: string | undefined;
    const health = new Health();
    health.add('events log', () => problem);
    const url = await start({}, health);
    expect(await fetch(`${url}/readyz`)).to.deep.equal({ status: 200, text: 'ok\n' });
    problem = 'it is full';
    expect(await fetch(`${url}/readyz`)).to.deep.equal({ status: 503, text: 'events log: it is full\n' });
    expect((await fetch(`${url}/livez`)).status).to.equal(200);
  });

  it('answers nothing else', async () => {
    const url = await start({});
    expect((await fetch(`${url}/`)).status).to.equal(404);
    expect((await fetch(`${url}/metrics`, 'POST')).status).to.equal(405);
  });

  it('says what to do when the port is taken', async () => {
    const url = await start({});
    const second = new TelemetryServer({ listen: url.slice(7), readings: quiet, health: new Health() });
    let code = '';
    await second.start().catch((error: { code: string }) => {
      code = error.code;
    });
    expect(code).to.equal('E_TELEMETRY_LISTEN');
  });

  it('names every metric as auditveil_<noun>_<unit>, counters with _total', () => {
    for (const { name, type } of channels)
      expect(name).to.match(type === 'counter' ? /^auditveil_[a-z_]+_total$/ : /^auditveil_[a-z]+(_[a-z]+)+$/);
  });
});
