import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { Faults } from '../../src/core/faults.ts';
import { openPipeline } from '../../src/pipeline/open-pipeline.ts';
import { runPipeline } from '../../src/pipeline/run-pipeline.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { fixedKeyRing } from './support.ts';

describe('pipeline/open-pipeline', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-open-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (more = '') =>
    openPipeline({
      config: loadConfig(
        `version: 1\ncluster: { name: prod }\nsources: [{ type: file, name: audit, path: audit.log, follow: false }]\nlog: { directory: data }\n${more}`,
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
