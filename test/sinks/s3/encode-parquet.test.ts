import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { Finding } from '../../../src/core/finding.ts';
import { recordFlags } from '../../../src/core/record.ts';
import { formatFinding } from '../../../src/findings/format.ts';
import { encodeParquet } from '../../../src/sinks/s3/encode-parquet.ts';
import { eventColumns, findingColumns } from '../../../src/sinks/shared/columns.ts';
import { eventRow } from '../../../src/sinks/shared/event-row.ts';
import { findingRow } from '../../../src/sinks/shared/finding-row.ts';
import { maskedRecord } from '../../support/masked-record.ts';

const compressors = { GZIP: (input: Uint8Array) => new Uint8Array(gunzipSync(input)) };
const read = (bytes: Uint8Array) => {
  const file = bytes.slice().buffer;
  return parquetReadObjects({ file, compressors });
};

const event = {
  kind: 'Event',
  auditID: 'a-1',
  stage: 'ResponseComplete',
  level: 'Metadata',
  verb: 'create',
  requestURI: '/api/v1/namespaces/shop/pods/web-0/exec?command=sh',
  user: { username: 'jane "x"\n\u0000é' },
  sourceIPs: ['192.0.2.1', '2001:db8::1'],
  objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web-0' },
  responseStatus: { code: 101 },
  annotations: { 'authorization.k8s.io/decision': 'allow' },
};

const finding: Finding = {
  id: 'f1',
  revision: 2,
  rule: { id: 'r1', name: 'Exec', severity: 'high', author: 'a', licence: 'b', tags: ['attack.execution'], covers: [] },
  time: '2026-05-04T10:15:00.123456Z',
  cluster: 'lab',
  event: {
    auditID: 'a-1',
    stage: 'ResponseComplete',
    user: 'jane',
    verb: 'create',
    resource: 'pods/exec',
    namespace: 'shop',
    name: 'web-0',
    sourceIPs: ['192.0.2.1'],
    userAgent: undefined,
    code: 101,
  },
  evidence: {},
  episode: { id: 'e', count: 7, first: 'x', last: 'y', group: {} },
};

describe('sinks/s3 parquet', () => {
  it('gives back every column of an event, and the body byte for byte', async () => {
    const payload = '{"a":1.0e2,"a":"\\u003c"}';
    const records = [
      maskedRecord(event, {
        receivedAtUs: 1_777_889_700_000_001,
        eventTimeUs: 1_777_889_699_999_999,
        matches: ['rule-1', 'rule-2'],
        masks: [
          { kind: 'k', action: 'redact', count: 2 },
          { kind: 'l', action: 'redact', count: 3 },
        ],
      }),
      maskedRecord(payload, { flags: recordFlags.stub }),
    ];
    const lines = records.map((record) => ({ body: record.payload, event: eventRow(record) }));
    const bytes = encodeParquet(lines, 'auditveil 0.0.0');
    const [first, second] = await read(bytes);
    expect(first).to.deep.equal({
      event_time: new Date('2026-05-04T10:14:59.999Z'),
      received_at: new Date('2026-05-04T10:15:00.000Z'),
      cluster: 'lab',
      source: 's',
      digest: '00112233445566778899aabbccddeeff',
      audit_id: 'a-1',
      stage: 'ResponseComplete',
      level: 'Metadata',
      verb: 'create',
      username: 'jane "x"\n\u0000é',
      source_ips: ['192.0.2.1', '2001:db8::1'],
      user_agent: null,
      api_group: null,
      resource: 'pods',
      subresource: 'exec',
      namespace: 'shop',
      name: 'web-0',
      request_uri: event.requestURI,
      code: 101,
      decision: 'allow',
      rules: ['rule-1', 'rule-2'],
      masked: 5,
      is_stub: false,
      policy: 'standard',
      body: JSON.stringify(event),
    });
    expect(second).to.include({ body: payload, is_stub: true, audit_id: null });
    expect(second?.['source_ips']).to.deep.equal([]);
    expect(Buffer.compare(encodeParquet(lines, 'auditveil 0.0.0'), bytes)).to.equal(0);
  });

  it('gives back every column of a finding', async () => {
    const [row] = await read(encodeParquet([{ body: Buffer.from(formatFinding(finding)), finding: findingRow(finding) }], 'x'));
    expect(row).to.include({
      id: 'f1',
      revision: 2,
      rule_id: 'r1',
      severity: 'high',
      username: 'jane',
      user_agent: null,
      code: 101,
      count: 7,
      body: formatFinding(finding),
    });
    expect(row?.['tags']).to.deep.equal(['attack.execution']);
  });

  it('holds several row groups, and no body in its statistics', async () => {
    const lines = Array.from({ length: 300 }, (_, n) => {
      const record = maskedRecord('{}', { digest: n.toString(16).padStart(32, '0') });
      return { body: Buffer.from(`{"n":${n},"planted":"body-text-in-statistics"}`), event: eventRow(record) };
    });
    const bytes = encodeParquet(lines, 'x', 200);
    const rows = await read(bytes);
    expect(rows.map(({ body }) => (JSON.parse(String(body)) as { n: number }).n)).to.deep.equal(lines.map((_, n) => n));
    const { row_groups, metadata_length } = parquetMetadata(bytes.slice().buffer);
    expect(row_groups.length).to.equal(2);
    expect(Buffer.from(bytes.subarray(bytes.length - metadata_length - 8)).includes('body-text')).to.equal(false);
  });

  it('names each column once, in small letters and underscores', () => {
    for (const columns of [eventColumns, findingColumns]) {
      const names = [...columns.map(({ name }) => name), 'body'];
      expect(new Set(names).size).to.equal(names.length);
      expect(names.filter((name) => !/^[a-z_]+$/.test(name))).to.deep.equal([]);
    }
  });
});
