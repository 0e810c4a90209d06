import { expect } from 'chai';
import type { Fault } from '../../src/core/faults.ts';
import type { Inspector } from '../../src/core/tile.ts';
import { CanaryMark } from '../../src/pipeline/canary-mark.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { exitCheck } from '../../src/pipeline/exit-check.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { fixedKeyRing } from './support.ts';

describe('pipeline/exit-check', () => {
  const mark = new CanaryMark((bytes) => Uint8Array.from({ length: bytes }, (_, i) => i * 5));
  const inspectorOf = async (only: (file: string) => boolean): Promise<Inspector> => {
    const packFiles = (await shippedPacks()).filter(({ file }) => only(file));
    return loadEngine({ policy: 'standard', enable: [], keepUsers: [], packFiles, ruleFiles: [], keyRing: fixedKeyRing() })
      .inspector;
  };
  const codeOf = async (work: () => unknown): Promise<string> => {
    try {
      await work();
      return '';
    } catch (error) {
      return (error as Fault).code;
    }
  };

  it('sends the canaries through every policy of ours, and then looks for them in what is written', async () => {
    const packFiles = await shippedPacks();
    for (const policy of ['secrets-only', 'standard', 'strict'] as const) {
      const { inspector } = loadEngine({ policy, enable: [], keepUsers: [], packFiles, ruleFiles: [], keyRing: fixedKeyRing() });
      const check = await exitCheck(inspector, { id: policy }, mark, 0);
      expect(await codeOf(() => check(Buffer.from('{"a":"b"}\n')))).to.equal('');
      expect(await codeOf(() => check(Buffer.from(`{"a":"${mark.text}"}\n`)))).to.equal('E_MASKING_LEAK');
    }
  }).timeout(30_000);

  it('refuses to start where masking does not work, unless a policy of one’s own says so', async () => {
    const blind = await inspectorOf((file) => !file.includes('credentials'));
    expect(await codeOf(() => exitCheck(blind, { id: 'standard' }, mark, 0))).to.equal('E_MASKING_LEAK');
    const check = await exitCheck(blind, { id: 'my-policy' }, mark, 0);
    expect(await codeOf(() => check(Buffer.from(mark.text)))).to.equal('');
  }).timeout(30_000);
});
