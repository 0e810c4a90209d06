import { expect } from 'chai';
import type { Finding } from '../../src/core/finding.ts';
import type { Inspector, MaskedTile } from '../../src/core/tile.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { superviseMasking } from '../../src/pipeline/supervise-masking.ts';
import { Health } from '../../src/telemetry/health.ts';
import { fixedKeyRing } from './support.ts';

describe('pipeline/supervise-masking', function () {
  this.timeout(60_000);

  async function supervised(live: { inspector: Inspector }) {
    const packFiles = await shippedPacks();
    const engine = loadEngine({
      policy: 'standard',
      enable: [],
      keepUsers: [],
      packFiles,
      ruleFiles: [],
      keyRing: fixedKeyRing(),
    });
    const said = { findings: [] as Finding[], logged: [] as MaskedTile[], notices: [] as string[], failures: 0 };
    const health = new Health();
    let nowMs = Date.parse('2026-03-01T00:00:00Z');
    let isFull = false;
    const masking = await superviseMasking({
      config: { cluster: { name: 'c' }, masking: { keepUsers: [] } },
      inspector: { inspect: (tile) => (live.inspector === undefined ? engine.inspector : live.inspector).inspect(tile) },
      engine,
      identify: (text) => Buffer.from(text).toString('hex').slice(0, 16),
      findings: {
        append: (tile) => {
          if (isFull) return Promise.reject(new Error('no room'));
          said.logged.push(tile);
          return Promise.resolve();
        },
      },
      meter: { selfTestFailed: () => said.failures++, found: () => undefined },
      health,
      clock: { nowMs: () => (nowMs += 1000) },
      found: async (findings) => {
        said.findings.push(...findings);
      },
      notice: (text) => said.notices.push(text),
    });
    masking.stop();
    return {
      masking,
      health,
      said,
      engine,
      packFiles,
      fill: (full: boolean) => {
        isFull = full;
      },
    };
  }
  const broken = async (): Promise<Inspector> => {
    const packFiles = (await shippedPacks()).filter(({ file }) => !file.includes('kubernetes'));
    return loadEngine({ policy: 'standard', enable: [], keepUsers: [], packFiles, ruleFiles: [], keyRing: fixedKeyRing() })
      .inspector;
  };

  it('is ready while masking works, and closes the gate with one critical finding when it stops', async () => {
    const live = {} as { inspector: Inspector };
    const { masking, health, said } = await supervised(live);
    expect([health.problems(), masking.gate.problem, said.failures]).to.deep.equal([[], undefined, 0]);
    live.inspector = await broken();
    await masking.test();
    await masking.test();
    expect(health.problems()).to.have.length(1);
    expect(health.problems()[0]).to.match(/^masking: the self-test found its secrets unmasked \(.*secret-data/);
    expect([said.findings.length, said.logged.length, said.failures]).to.deep.equal([1, 1, 2]);
    const [finding] = said.findings;
    expect(finding?.rule).to.include({ id: 'auditveil.masking-leak', severity: 'critical' });
    expect(finding?.evidence['self-test.kind']).to.include('secret-data');
    expect(finding?.evidence['self-test.lastGood']?.[0]).to.match(/^2026-03-01T00:00:0/);
    expect(
      said.notices.every((text) => /masks\/[a-z]+\.yml:\d+: /.test(text)),
      said.notices.join('\n'),
    ).to.equal(true);
    delete (live as Partial<typeof live>).inspector;
    await masking.test();
    expect(masking.gate.problem, 'nobody knows since when: it stays closed').to.be.a('string');
  });

  it('is closed from the start where packs do not do what their examples say', async () => {
    const { masking, said } = await supervised({ inspector: await broken() });
    expect([masking.gate.problem === undefined, said.findings.length]).to.deep.equal([false, 1]);
    expect(said.findings[0]?.evidence['self-test.lastGood']).to.deep.equal(['never']);
  });

  it('writes the finding later where the log has no room now', async () => {
    const live = {} as { inspector: Inspector };
    const { masking, said, fill } = await supervised(live);
    live.inspector = await broken();
    fill(true);
    await masking.test().catch(() => undefined);
    expect([masking.gate.problem === undefined, said.logged.length]).to.deep.equal([false, 0]);
    fill(false);
    await masking.test();
    expect([said.logged.length, said.findings.length]).to.deep.equal([1, 1]);
  });
});
