import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { opensearchSink } from '../../src/config/sinks/opensearch.ts';
import { memberAt } from '../../src/core/json-members.ts';
import type { RecordBatch } from '../../src/core/log.ts';
import { type MaskedRecord, recordTypes } from '../../src/core/record.ts';
import { OpensearchSink } from '../../src/sinks/opensearch/opensearch-sink.ts';
import { freePort } from '../faults/free-port.ts';
import { contractBatch, contractEvent, contractRecord, planted } from '../sinks/contract-records.ts';
import { endProcess } from '../support/end-process.ts';
import { maskedRecord } from '../support/masked-record.ts';
import { testSinkContext } from '../support/sink-context.ts';
import { until } from '../support/until.ts';
import { check, tell } from './check.ts';

/** The sink and a real OpenSearch (test/servers/opensearch.sh). Ends with exit code 1 where something does not hold. */
const { JAVA: java, OPENSEARCH_LIBS: libs, OPENSEARCH_CLASSES: classes } = process.env;
if (!java || !libs || !classes)
  throw new Error('JAVA, OPENSEARCH_LIBS and OPENSEARCH_CLASSES are not set: run test/servers/opensearch.sh');

const never = new AbortController().signal;
const home = await mkdtemp(join(tmpdir(), 'auditveil-opensearch-'));
await mkdir(join(home, 'config'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const server = spawn(java, ['-Xmx700m', '-cp', `${classes}:${libs}/*`, 'OpenSearchNode', home, String(port)], {
  stdio: 'ignore',
});

const sinks: OpensearchSink[] = [];
const sink = (more: object = {}): OpensearchSink => {
  sinks.push(
    new OpensearchSink(opensearchSink.options.parse({ type: 'opensearch', url, content: 'events', ...more }), testSinkContext()),
  );
  return sinks.at(-1)!;
};
const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return answer.json();
};
const count = async (index: string, query: object = { match_all: {} }): Promise<unknown> => {
  await ask('POST', `/${index}/_refresh`);
  return memberAt(await ask('POST', `/${index}/_count`, { query }), 'count');
};
const batchOf = (...records: readonly MaskedRecord[]): RecordBatch => ({ records, end: { segment: 1, offset: 0 } });
const statuses = async (to: OpensearchSink, batch: RecordBatch): Promise<string> =>
  [...new Set((await to.write(batch, never)).map(({ status }) => status))].join();

/** Events that have made indices refuse documents or grow without end. */
function oddEvents(): readonly MaskedRecord[] {
  const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const base = JSON.stringify(contractEvent(0)).slice(0, -1);
  const texts = [
    `${base},"requestObject":{"data":{"big":"${'x'.repeat(200_000)}"}}}`,
    `${base},"requestObject":${nested(400)}}`,
    `${base},"requestObject":[{"op":"add","value":1},{"op":"add","value":"text"}]}`,
    `${base},"requestObject":{"n":123456789012345678901234567890,"e":1e400}}`,
    `${base},"verb":"get","verb":"list","sourceIPs":["not an address","192.0.2.1"],"responseStatus":{"code":"many"}}`,
    `${base},"annotations":{"a.b.c":"1","a.b":"2","a":"3","${'k'.repeat(5_000)}":"4"}}`,
    `{"kind":"Event","stub":{"reason":"depth","bytes":5}}`,
  ];
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`field-${n}`, { [`inner-${n}`]: n }]));
  texts.push(`${base},"requestObject":${JSON.stringify(many)}}`);
  return texts.map((text, n) => maskedRecord(text, { type: recordTypes.event, digest: `odd${n}`.padStart(32, '0') }));
}

async function story(): Promise<void> {
  await until(
    'OpenSearch answers',
    () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    90_000,
  );
  const events = sink();
  await events.open(never);
  check(/"version":1\b/.test(JSON.stringify(await ask('GET', '/_index_template/auditveil-events'))), 'its template is installed');
  await events.check(never);
  check((await statuses(events, contractBatch('events', 0, 500))) === 'delivered', '500 events are taken');
  check((await statuses(events, contractBatch('events', 400, 200))) === 'delivered', '200 more, of which 100 repeat');
  check((await count('auditveil-events-*')) === 600, 'there are 600, each once');
  const network = {
    bool: { filter: [{ term: { 'source.ip': '192.0.2.0/24' } }, { term: { 'kubernetes.audit.verb': 'update' } }] },
  };
  check((await count('auditveil-events-*', network)) === 600, 'they are found by address range and verb');
  const decision = { term: { 'kubernetes.audit.annotations.authorization_k8s_io/decision': 'allow' } };
  check((await count('auditveil-events-*', decision)) === 600, 'and by decision');

  const before = JSON.stringify(await ask('GET', '/auditveil-events-2026.05.04/_mapping'));
  check(
    (await statuses(events, batchOf(...oddEvents()))) === 'delivered',
    'events that are large, deep, or have odd types are taken',
  );
  check(JSON.stringify(await ask('GET', '/auditveil-events-2026.05.04/_mapping')) === before, 'and make no field');

  const findings = sink({ content: 'findings' });
  check((await statuses(findings, contractBatch('findings', 0, 50))) === 'delivered', '50 findings are taken');
  const rule = {
    bool: { filter: [{ term: { 'rule.name': 'Administrator role bound' } }, { range: { 'event.severity': { gte: 73 } } }] },
  };
  check((await count('auditveil-findings-*', rule)) === 50, 'they are found by rule and severity');

  await dataStream();
  await refusals(events);
  check(
    (await statuses(events, batchOf(...Array.from({ length: 60 }, (_, n) => largeEvent(n))))) === 'delivered',
    '60 MB are split and taken',
  );
  await endProcess(server, 'SIGKILL');
  check((await statuses(events, contractBatch('events', 950, 3))) === 'errored', 'without a server it errs');
}

async function dataStream(): Promise<void> {
  const stream = sink({ index: 'logs-audit', dataStream: true, installTemplate: false });
  const template = { index_patterns: ['logs-audit'], data_stream: {}, priority: 300 };
  await ask('PUT', '/_index_template/stream', template);
  check((await statuses(stream, contractBatch('events', 0, 20))) === 'delivered', 'a data stream takes events');
  check(
    (await statuses(stream, contractBatch('events', 0, 20))) === 'delivered' && (await count('logs-audit')) === 20,
    'each once',
  );
}

async function refusals(events: OpensearchSink): Promise<void> {
  await ask('PUT', '/strict', { mappings: { properties: { ecs: { type: 'long' } } } });
  const strict = sink({ index: 'strict', installTemplate: false });
  const refused = await strict.write(batchOf(contractRecord('events', 1)), never);
  check(
    refused[0]?.status === 'rejected' && /mapper_parsing/.test(refused[0].fault.message),
    'a mapping that does not fit rejects',
  );
  check(!JSON.stringify(refused).includes(planted), 'and nothing of the answer is quoted');
  await ask('PUT', '/auditveil-events-2026.05.04/_settings', { 'index.blocks.write': true });
  check((await statuses(events, contractBatch('events', 900, 3))) === 'errored', 'an index that is read-only errs');
  await ask('PUT', '/auditveil-events-2026.05.04/_settings', { 'index.blocks.write': null });
  check((await statuses(events, contractBatch('events', 900, 3))) === 'delivered', 'and takes them once it is not');
}

await tell(story, async () => {
  await endProcess(server, 'SIGKILL');
  await Promise.all(sinks.map((one) => one.close()));
  await rm(home, { recursive: true, force: true });
});

/** A megabyte. The server is started with a limit of 10 MB a request. */
function largeEvent(n: number): MaskedRecord {
  return contractRecord('events', 10_000 + n, 'y'.repeat(500_000));
}
