import { appendFile, mkdtemp, readFile, rm, symlink, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import { openPipeline } from '../../src/pipeline/open-pipeline.ts';
import { runPipeline } from '../../src/pipeline/run-pipeline.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { until } from '../support/until.ts';
import { fixedKeyRing } from './support.ts';

/** Three sinks that are files, one of them on a device that is always full. */
describe('pipeline: one dead sink of three', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auditveil-dead-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const sink = (name: string): string => `- { type: file, name: ${name}, path: ${name}.jsonl, content: events }`;
  const ids = async (name: string): Promise<readonly string[]> =>
    [...(await readFile(join(folder, `${name}.jsonl`), 'utf8').catch(() => '')).matchAll(/"auditID":"([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
  const open = (notices: string[]) =>
    openPipeline({
      config: loadConfig(
        `version: 1\ncluster: { name: prod }\nsources: [{ type: file, path: audit.log, pollIntervalMs: 20 }]\nlog: { directory: data }\nsinks:\n${['one', 'dead', 'three'].map(sink).join('\n')}`,
        join(folder, 'c.yaml'),
        {},
      ),
      keyRing: fixedKeyRing(),
      clock: { nowMs: Date.now },
      graceMs: 10_000,
      found: async () => undefined,
      notice: (text) => void notices.push(text),
    });

  it('delays only itself, keeps nobody from stopping, and gets everything in order once it is back', async function () {
    this.timeout(30_000);
    await symlink('/dev/full', join(folder, 'dead.jsonl'));
    const notices: string[] = [];
    const expected: string[] = [];
    const write = async (from: number): Promise<void> => {
      const more = Array.from({ length: 50 }, (_, i) => `a-${from + i}`);
      expected.push(...more);
      await appendFile(join(folder, 'audit.log'), more.map((auditID) => `${auditEvent({ auditID })}\n`).join(''));
    };
    for (const isDead of [true, false]) {
      const pipeline = await open(notices);
      const stop = new AbortController();
      const running = runPipeline(pipeline.parts, stop.signal);
      await write(expected.length);
      for (const name of ['one', 'three']) await until(name, async () => (await ids(name)).length === expected.length, 10_000);
      const breaker = () =>
        pipeline.parts.meter.sinks
          .readings()
          .sinkBreaker()
          .map(({ value }) => value);
      if (isDead) {
        await until('breaker', () => (breaker()[1] ?? 0) > 0, 10_000);
        expect(breaker()).to.deep.equal([0, breaker()[1], 0]);
        const behind = pipeline.parts.meter.sinks
          .readings()
          .sinkBehindBytes()
          .map(({ value }) => value);
        expect([behind[0], behind[2]]).to.deep.equal([0, 0]);
        expect(behind[1]).to.be.greaterThan(10_000);
        expect(pipeline.health.problems()).to.deep.equal([]);
        expect(notices.filter((text) => text.startsWith('sink dead: it takes nothing'))).to.have.length(1);
        await unlink(join(folder, 'dead.jsonl'));
      } else await until('dead', async () => (await ids('dead')).length === expected.length, 10_000);
      const began = performance.now();
      stop.abort();
      expect(await running).to.equal('stopped');
      await pipeline.close();
      if (isDead) expect(performance.now() - began).to.be.lessThan(3_000);
    }
    for (const name of ['one', 'dead', 'three']) expect(await ids(name), name).to.deep.equal(expected);
  });
});
