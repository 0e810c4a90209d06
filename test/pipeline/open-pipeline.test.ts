import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { Fault, Faults } from '../../src/core/faults.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';
import { openPipeline } from '../../src/pipeline/open-pipeline.ts';
import { runPipeline } from '../../src/pipeline/run-pipeline.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

describe('pipeline/open-pipeline', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-open-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (
    more = '',
    log = 'log: { directory: data }',
    nowMs = Date.now,
    notice: (text: string) => void = () => undefined,
  ) =>
    openPipeline({
      config: loadConfig(
        `version: 1\ncluster: { name: prod }\nsources: [{ type: file, name: audit, path: audit.log, follow: false }]\n${log}\n${more}`,
        join(folder, 'c.yaml'),
        {},
      ),
      keyRing: fixedKeyRing(),
      clock: { nowMs },
      graceMs: 100,
      found: async () => undefined,
      notice,
    });

  it('makes a configuration into a pipeline that is ready and runs', async () => {
    await writeFile(join(folder, 'audit.log'), `${auditEvent()}\n`);
    const pipeline = await open();
    expect(pipeline.health.problems()).to.deep.equal([]);
    expect(await runPipeline(pipeline.parts, new AbortController().signal)).to.equal('finished');
    expect(pipeline.parts.events.status().appended).to.equal(1);
    await pipeline.close();
  });

  it('is not ready while the events log is full, and ready again once its readers went on', async () => {
    const pipeline = await open('', 'log: { directory: data, maxBytes: 1048576, segmentBytes: 65536 }');
    const { events, inspector } = pipeline.parts;
    const reader = await events.reader('held');
    let fault: unknown;
    for (let n = 0; n < 100 && fault === undefined; n++) {
      const large = auditEvent({ auditID: `a-${n}`, requestObject: { kind: 'ConfigMap', data: { text: 'x'.repeat(50_000) } } });
      await events.append(await inspector.inspect(tileOfTexts([large]))).catch((cause: unknown) => {
        fault = cause;
      });
    }
    expect(fault).to.be.instanceOf(Fault).and.to.include({ code: 'E_LOG_FULL' });
    expect(pipeline.health.problems()).to.deep.equal(['events log: it is full']);
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) await reader.commit(batch.end);
    for (let tries = 0; tries < 100 && pipeline.health.problems().length > 0; tries++) await wait(50);
    await events.append(await inspector.inspect(tileOfTexts([auditEvent()])));
    expect(pipeline.health.problems()).to.deep.equal([]);
    await reader.close();
    await pipeline.close();
  });

  it('keeps the same records with workers, in the order of the file', async () => {
    const note = 'x'.repeat(20_000);
    const events = Array.from({ length: 300 }, (_, i) =>
      auditEvent({
        auditID: `a-${i}`,
        verb: i % 5 === 0 ? 'delete' : 'get',
        requestObject: { kind: 'Secret', data: { note, i } },
      }),
    );
    await writeFile(join(folder, 'audit.log'), `${events.join('\n')}\n`);
    const kept: unknown[] = [];
    for (const workers of [1, 2]) {
      const log = `log: { directory: data-${workers} }`;
      const pipeline = await open(`workers: ${workers}\n`, log, () => Date.parse('2026-03-01T00:00:00Z'));
      expect(pipeline.health.problems()).to.deep.equal([]);
      expect(await runPipeline(pipeline.parts, new AbortController().signal)).to.equal('finished');
      await pipeline.close();
      const reader = await openLogReader({ directory: join(folder, `data-${workers}/events`) });
      const records = [];
      for await (const batch of reader.read(new AbortController().signal, { follow: false }))
        records.push(...batch.records.map((record) => ({ ...record, payload: Buffer.from(record.payload).toString() })));
      await reader.close();
      kept.push(records);
      expect(records.map(({ payload }) => (JSON.parse(payload) as { auditID: string }).auditID)).to.deep.equal(
        events.map((_, i) => `a-${i}`),
      );
    }
    expect(kept[1]).to.deep.equal(kept[0]);
  }).timeout(60_000);

  it('puts a finding in the findings log about what the events log lost', async () => {
    await writeFile(join(folder, 'audit.log'), [1, 2, 3].map((n) => `${auditEvent({ auditID: `a-${n}` })}\n`).join(''));
    const first = await open();
    await runPipeline(first.parts, new AbortController().signal);
    await first.close();
    const segment = join(folder, 'data/events/0000000001.seg');
    const bytes = await readFile(segment);
    const at = bytes.indexOf('a-2');
    await writeFile(segment, bytes.fill(0x21, at, at + 1));
    const again = await open();
    const reader = await again.parts.findings.reader('judge');
    const rules: string[] = [];
    for await (const batch of reader.read(new AbortController().signal, { follow: false }))
      for (const { payload } of batch.records)
        rules.push((JSON.parse(Buffer.from(payload).toString()) as { rule: { id: string } }).rule.id);
    expect(rules).to.deep.equal(['auditveil.log-loss']);
    await reader.close();
    await again.close();
  });

  for (const [role, names] of [
    ['agent', ['transport', 'transport.findings']],
    ['worker', ['transport.matches']],
  ] as const)
    it(`keeps what the transport of the role ${role} has not sent yet from one start to the next`, async () => {
      const config = `role: ${role}\ntransport: { type: kafka, brokers: ["192.0.2.1:9092"], tls: { caFile: ca.pem } }\n`;
      const told: string[] = [];
      for (const _ of ['first', 'again']) {
        const { parts, close } = await open(config, 'log: { directory: data }', Date.now, (text) => told.push(text));
        expect(parts.sinks.map(({ name }) => name)).to.include.members([...names]);
        for (const { name, content } of parts.sinks) {
          const log = parts[content];
          await (await log.reader(`sink.${name}`)).close();
        }
        await close();
      }
      expect(told.filter((text) => text.includes('keeps nothing'))).to.deep.equal([]);
    });

  it('gives the data folder free again when a rule is wrong or an address is taken', async () => {
    await writeFile(join(folder, 'bad.yml'), 'title: x\n');
    let error: unknown;
    await open('detect: { rules: [bad.yml] }\n').catch((cause: unknown) => {
      error = cause;
    });
    expect(error).to.be.instanceOf(Faults);
    const holder = await open('telemetry: { listen: "127.0.0.1:0" }\n');
    await holder.close();
    const again = await open();
    await again.close();
  });
});
