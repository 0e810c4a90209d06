import { inspect } from 'node:util';
import { expect } from 'chai';
import { opensearchSink } from '../../../src/config/sinks/opensearch.ts';
import { OpensearchSink } from '../../../src/sinks/opensearch/opensearch-sink.ts';
import { type HttpServer, startHttpServer } from '../../support/http-server.ts';
import { testSinkContext } from '../../support/sink-context.ts';
import { contractBatch, contractId, contractRecord, planted, poison } from '../contract-records.ts';
import { httpWorld } from '../http/http-world.ts';
import { sinkContract } from '../sink-contract.ts';
import { BulkFake } from './bulk-fake.ts';

const never = new AbortController().signal;

describe('sinks/opensearch/opensearch-sink', () => {
  let fake: BulkFake;
  let server: HttpServer;
  const sinks: OpensearchSink[] = [];
  beforeEach(async () => {
    fake = new BulkFake();
    server = await startHttpServer((request) => fake.answer(request));
  });
  afterEach(async () => {
    await Promise.all(sinks.splice(0).map((sink) => sink.close()));
    await server.close();
  });
  const sink = (more: object = {}): OpensearchSink => {
    const options = opensearchSink.options.parse({ type: 'opensearch', url: server.url, ...more });
    sinks.push(new OpensearchSink(options, testSinkContext()));
    return sinks.at(-1)!;
  };

  it('writes each event once, whatever comes again, in the index of its day', async () => {
    const to = sink();
    for (const from of [0, 3]) {
      const outcomes = await to.write(contractBatch('events', from, 5), never);
      expect(outcomes.map(({ status }) => status)).to.deep.equal(Array.from({ length: 5 }, () => 'delivered'));
    }
    expect(fake.documents.size).to.equal(8);
    expect([...fake.documents.keys()][0]).to.match(/^auditveil-events-2026\.05\.04\/[0-9a-f]{32}$/);
  });

  it('writes a document for each revision of a finding', async () => {
    await sink({ content: 'findings', index: 'sec-{month}' }).write(contractBatch('findings', 0, 2), never);
    expect([...fake.documents.keys()]).to.deep.equal([`sec-2026.05/${contractId(0)}-1`, `sec-2026.05/${contractId(1)}-1`]);
    expect(JSON.parse([...fake.documents.values()][0]!)).to.nested.include({
      'event.kind': 'alert',
      'rule.name': 'Administrator role bound',
    });
  });

  it('gives each document its own outcome, with the type of the reason and not its text', async () => {
    const { records, end } = contractBatch('events', 0, 6);
    const verdicts = [undefined, 429, 400, 503, 404, undefined];
    fake.judge = (id) => {
      const status = verdicts[Number.parseInt(id, 16)];
      return status === undefined ? undefined : { status, type: status === 400 ? 'mapper_parsing_exception' : planted };
    };
    const outcomes = await sink().write({ records, end }, never);
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'delivered',
      'errored',
      'rejected',
      'errored',
      'errored',
      'delivered',
    ]);
    expect(outcomes[2]?.status === 'rejected' && outcomes[2].fault.message).to.contain('400 mapper_parsing_exception');
    expect(inspect(outcomes, { depth: 9 })).not.to.contain(planted);
  });

  it('installs its template before the first document, and leaves one as new alone', async () => {
    fake.templates.set('auditveil-findings', JSON.stringify({ version: 999_999 }));
    await sink({ content: 'findings' }).write(contractBatch('findings', 0, 1), never);
    await sink({ content: 'events', dataStream: true, index: 'logs-audit' }).write(contractBatch('events', 0, 1), never);
    await sink({ content: 'events', installTemplate: false }).write(contractBatch('events', 5, 1), never);
    expect(fake.templates.get('auditveil-findings')).to.equal('{"version":999999}');
    const template = JSON.parse(fake.templates.get('auditveil-events')!) as object;
    expect(template).to.deep.include({ index_patterns: ['logs-audit'], data_stream: {} });
    expect(server.requests.filter(({ path }) => path.startsWith('/_index_template')).map(({ method }) => method)).to.deep.equal([
      'GET',
      'GET',
      'PUT',
    ]);
  });

  it('waits with a remedy where the template cannot be installed or the answer is of somebody else', async () => {
    await server.close();
    let status = 403;
    server = await startHttpServer(({ method }) => ({
      status: method === 'POST' ? 200 : method === 'GET' ? 404 : status,
      body: '<html>',
    }));
    const to = sink();
    const [refused] = await to.write(contractBatch('events', 0, 1), never);
    expect(refused?.status === 'errored' && refused.fault.remedy).to.match(/installTemplate: false/);
    status = 200;
    const [strange] = await to.write(contractBatch('events', 0, 1), never);
    expect(strange?.status === 'errored' && strange.fault.code).to.equal('E_SINK_PROTOCOL');
  });

  it('takes no index that a server or a path would not', () => {
    const isValid = (index: string, more: object = {}): boolean =>
      opensearchSink.options.safeParse({ type: 'opensearch', url: 'https://s.example.com', index, ...more }).success;
    for (const good of ['a', 'audit-{content}-{month}', 'logs-kubernetes.audit-default'])
      expect(isValid(good), good).to.equal(true);
    for (const bad of ['A', '-a', '.a', 'a/b', '../a', 'a?b', 'a b', '{verb}', 'a,b', 'a*', '', '{date'])
      expect(isValid(bad), bad).to.equal(false);
    expect(isValid('a-{date}', { dataStream: true })).to.equal(false);
  });

  it('shows an event under its names in the index', async () => {
    await sink().write({ records: [contractRecord('events', 1)], end: { segment: 1, offset: 0 } }, never);
    expect(JSON.parse([...fake.documents.values()][0]!)).to.nested.include({
      'event.action': 'update',
      'event.outcome': 'success',
      'source.ip': '192.0.2.7',
      'kubernetes.audit.auditID': contractId(1),
      'kubernetes.audit.annotations.authorization_k8s_io/decision': 'allow',
    });
  });
});

for (const content of ['events', 'findings'] as const)
  sinkContract(
    'sinks/opensearch/opensearch-sink',
    () => {
      const fake = new BulkFake();
      return httpWorld({
        make: (url, notices) =>
          new OpensearchSink(opensearchSink.options.parse({ type: 'opensearch', url, content }), testSinkContext(notices)),
        answer: (request) => {
          fake.judge = () => undefined;
          return fake.answer(request);
        },
        refusal: (request) => {
          fake.judge = (_id, document) =>
            document.includes(poison) ? { status: 400, type: 'mapper_parsing_exception' } : undefined;
          return fake.answer(request);
        },
        kept: () => {
          const documents = [...fake.documents.values()];
          fake.documents.clear();
          return documents;
        },
      });
    },
    { content, tenRecordsBytes: content === 'events' ? 17_000 : 22_000, memoryRecords: 6_000 },
  );
