import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { findPlanted, prepareNeedles } from '../../src/demo/find-planted.ts';
import { createPlanter } from '../../src/demo/plant.ts';
import { createRandom } from '../../src/demo/random.ts';
import { BulkFake } from '../sinks/opensearch/bulk-fake.ts';
import { type HttpServer, type Reply, type SeenRequest, startHttpServer } from '../support/http-server.ts';
import { plantFields } from './client-fields.ts';
import { plantPlaces } from './places.ts';
import { filesOf, type Result, runBeside } from './program.ts';

/** Every type of sink that ends in a file, on standard output, at an HTTP server or at a socket: kafka, postgresql and email need real servers. */
const sinks = (url: string, syslogPort: number): string => `
  - { type: file, name: file-events, content: events, path: events.jsonl }
  - { type: file, name: file-findings, content: findings, path: findings.jsonl, format: ocsf }
  - { type: stdout, content: findings }
  - { type: syslog, host: 127.0.0.1, port: ${syslogPort}, transport: tcp, content: events }
  - { type: alertmanager, urls: ["${url}/alertmanager"] }
  - { type: falcosidekick, url: "${url}/falcosidekick" }
  - { type: pagerduty, url: "${url}/pagerduty", routingKey: "${'a'.repeat(32)}" }
  - { type: slack, url: "${url}/slack", details: 20, messageIntervalMs: 0 }
  - { type: teams, url: "${url}/teams", details: 20, messageIntervalMs: 0 }
  - { type: webhook, name: refused, url: "${url}/refused", content: events }
${['events', 'findings']
  .flatMap((content) => [
    `  - { type: s3, name: s3-${content}, endpoint: "${url}", bucket: s3-${content}, accessKeyId: a, secretAccessKey: b, content: ${content} }\n`,
    ...['webhook', 'opensearch', 'loki', 'otlp', 'clickhouse'].map(
      (type) => `  - { type: ${type}, name: ${type}-${content}, url: "${url}/${type}-${content}", content: ${content} }\n`,
    ),
  ])
  .join('')}`;

/** The first part of a path: the sink, or its bucket. */
const sinkOf = ({ path: asked }: SeenRequest): string => asked.split(/[/?]/)[1] ?? '';

/** Takes everything, but for one sink, whose refusals repeat what they refuse. */
function answer(search: BulkFake, request: SeenRequest): Reply {
  const sink = sinkOf(request);
  if (sink.startsWith('opensearch')) return search.answer({ ...request, path: request.path.slice(sink.length + 1) });
  if (request.method === 'HEAD') return { status: sink.startsWith('s3') ? 404 : 200 };
  if (sink === 'refused') return { status: 400, body: request.body };
  return { status: sink === 'teams' || sink === 'pagerduty' ? 202 : sink.startsWith('loki') ? 204 : 200, body: '' };
}

/** One agent with many sinks over events with something planted everywhere, and what its user does afterwards. */
describe('leak/sinks', function () {
  this.timeout(120_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-leak-sinks-'));
  const inside = (name: string): string => path.join(directory, name);
  const [log, data, config] = [inside('audit.log'), inside('data'), inside('config.yaml')];
  const plant = createPlanter(createRandom(8));
  const lines = [...plantFields(plant).map((line) => Buffer.from(line)), ...plantPlaces(plant).map(({ line }) => line)];
  const needles = prepareNeedles(plant.planted);
  const leaks = (bytes: Uint8Array): readonly string[] =>
    findPlanted(needles, bytes).map(({ kind, where }) => `${kind} in ${where}`);
  const search = new BulkFake();
  const frames: Buffer[] = [];
  const syslog = createServer((socket) => void socket.on('data', (bytes: Buffer) => frames.push(bytes)));
  let server: HttpServer;

  /** Runs a command, which must end well and show nothing of what is planted. */
  async function clean(...args: readonly string[]): Promise<Result> {
    const result = await runBeside(directory, ...args);
    expect(result.code, `${args[0]}: ${result.stderr.toString().slice(-500)}`).to.equal(0);
    for (const text of [result.stdout, result.stderr]) expect(leaks(text), args[0]).to.deep.equal([]);
    return result;
  }

  before(async () => {
    server = await startHttpServer((request) => answer(search, request));
    await new Promise<void>((resolve) => syslog.listen(0, '127.0.0.1', resolve));
    writeFileSync(log, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    await clean('keys', 'init', '--key', inside('keys.json'));
    const port = (syslog.address() as AddressInfo).port;
    writeFileSync(
      config,
      `version: 1
cluster: { name: test }
sources: [{ type: file, path: audit.log, follow: false }]
masking: { keyFile: keys.json }
detect: { profile: paranoid }
log: { directory: data }
sinks:${sinks(server.url, port)}`,
    );
  });
  after(async () => {
    syslog.close();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('every sink gets something, and none of what is planted', async () => {
    const { stdout } = await clean('run', '--config', config);
    expect(leaks(Buffer.concat(lines))).to.have.length.greaterThan(350);
    const received = new Map<string, Buffer[]>([
      ['stdout', [stdout]],
      ['syslog', frames],
    ]);
    for (const request of server.requests) {
      const sink = sinkOf(request);
      received.set(sink, [
        ...(received.get(sink) ?? []),
        Buffer.from(JSON.stringify(request.headers) + request.path),
        Buffer.from(request.body),
      ]);
    }
    expect(received.size).to.equal(20);
    for (const [sink, parts] of received) {
      const bytes = Buffer.concat(parts);
      expect(bytes.length, sink).to.be.greaterThan(5_000);
      expect(leaks(bytes), sink).to.deep.equal([]);
    }
  });

  it('nor is it in files, dead letters, proofs and an export, or in what is said of them', async () => {
    const letters = await clean('replay', '--config', config, '--sink', 'refused', '--list');
    expect(letters.stdout.toString().split('\n').length).to.be.greaterThan(100);
    await clean('sinks', 'list', '--config', config);
    await clean('checkpoint', data);
    await clean('export', '--data-dir', data, '--out', inside('export'));
    for (const folder of [data, inside('export')]) await clean('verify', folder, '--pubkey', path.join(data, 'signing.pub.pem'));
    const files = filesOf(directory).filter(({ name }) => name !== log);
    for (const { name, bytes } of files) expect(leaks(bytes), path.relative(directory, name)).to.deep.equal([]);
    const bytesIn = (part: string): number =>
      files.filter(({ name }) => name.includes(part)).reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const part of [
      'data/events',
      'data/dead-letters/refused',
      'export/events.jsonl',
      'export/events.csv',
      'events.jsonl',
      'findings.jsonl',
    ])
      expect(bytesIn(part), part).to.be.greaterThan(10_000);
  });
});
