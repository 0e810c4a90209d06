import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { Fault, Faults } from '../../src/core/faults.ts';
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

  const open = (more = '', log = 'log: { directory: data }') =>
    openPipeline({
      config: loadConfig(
        `version: 1\ncluster: { name: prod }\nsources: [{ type: file, name: audit, path: audit.log, follow: false }]\n${log}\n${more}`,
        join(folder, 'c.yaml'),
        {},
      ),
      keyRing: fixedKeyRing(),
      clock: { nowMs: () => Date.now() },
      graceMs: 100,
      found: async () => undefined,
      notice: () => undefined,
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
      await events.append(inspector.inspect(tileOfTexts([large]))).catch((cause: unknown) => {
        fault = cause;
      });
    }
    expect(fault).to.be.instanceOf(Fault).and.to.include({ code: 'E_LOG_FULL' });
    expect(pipeline.health.problems()).to.deep.equal(['events log: it is full']);
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) await reader.commit(batch.end);
    for (let tries = 0; tries < 100 && pipeline.health.problems().length > 0; tries++) await wait(50);
    await events.append(inspector.inspect(tileOfTexts([auditEvent()])));
    expect(pipeline.health.problems()).to.deep.equal([]);
    await reader.close();
    await pipeline.close();
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
