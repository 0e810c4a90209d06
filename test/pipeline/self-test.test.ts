import { expect } from 'chai';
import type { Inspector } from '../../src/core/tile.ts';
import { policyIds } from '../../src/masking/policy.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { selfTest } from '../../src/pipeline/self-test.ts';
import { fixedKeyRing } from './support.ts';

const canary = 'f00dfacecafe1234f00dfacecafe1234';

describe('pipeline/self-test', () => {
  it('passes with the shipped packs under every policy', async () => {
    const packFiles = await shippedPacks();
    for (const policy of policyIds) {
      const { inspector } = loadEngine({ policy, enable: [], keepUsers: [], packFiles, ruleFiles: [], keyRing: fixedKeyRing() });
      expect(selfTest(inspector, canary, 0), policy).to.equal(undefined);
    }
  });

  it('fails where nothing is masked, where one place is forgotten, and where inspection throws', async () => {
    const none = loadEngine({
      policy: 'standard',
      enable: [],
      keepUsers: [],
      packFiles: [],
      ruleFiles: [],
      keyRing: fixedKeyRing(),
    });
    expect(selfTest(none.inspector, canary, 0)).to.match(/unmasked/);
    const packFiles = (await shippedPacks()).filter(({ file }) => !file.includes('kubernetes'));
    const some = loadEngine({ policy: 'standard', enable: [], keepUsers: [], packFiles, ruleFiles: [], keyRing: fixedKeyRing() });
    expect(selfTest(some.inspector, canary, 0)).to.match(/unmasked/);
    const broken: Inspector = {
      inspect: () => {
        throw new Error(canary);
      },
    };
    expect(selfTest(broken, canary, 0)).to.equal('the self-test event could not be inspected');
  });
});
