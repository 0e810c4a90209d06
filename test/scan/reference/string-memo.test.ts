import { expect } from 'chai';
import { loadEngine } from '../../../src/pipeline/engine.ts';
import { gzip } from '../../../src/pipeline/gzip.ts';
import { shippedMapping, shippedPacks, shippedRules } from '../../../src/pipeline/load-files.ts';
import { createScanner } from '../../../src/scan/create-scanner.ts';
import type { Plan } from '../../../src/scan/plan.ts';
import { Kernel } from '../../../src/scan/simd/kernel.ts';
import { kernelModule, testKeyRing } from '../../support/inspect-lines.ts';
import { plantedEvent } from '../../support/planted-events.ts';
import { Dice } from '../../support/planted-shapes.ts';
import { outcome, ruleTexts } from '../../support/scan-outcome.ts';

describe('scan/reference/string-memo', () => {
  let plan: Plan;

  before(async () => {
    const [packFiles, ruleFiles, mapping] = await Promise.all([shippedPacks(), shippedRules(), shippedMapping()]);
    ({ plan } = loadEngine({
      policy: 'standard',
      enable: [],
      keepUsers: [],
      packFiles,
      ruleFiles,
      mapping,
      keyRing: testKeyRing,
    }));
  });

  it('does with a string it knows what it did when it was new, in every place, file and encoding', () => {
    const kernel = createScanner(plan, ruleTexts, 7, new Kernel(kernelModule()), gzip);
    const plain = createScanner(plan, ruleTexts, 11, undefined, gzip);
    for (let seed = 0; seed < 120; seed++) {
      const { line, shape } = plantedEvent(new Dice(seed));
      const bytes = Uint8Array.from(Buffer.from(line));
      const fresh = outcome(createScanner(plan, ruleTexts, seed, undefined, gzip), bytes);
      // Met once, met again and kept, known.
      for (let round = 0; round < 3; round++) {
        expect(outcome(kernel, bytes), `${seed} ${shape}, kernel, round ${round}`).to.deep.equal(fresh);
        expect(outcome(plain, bytes), `${seed} ${shape}, round ${round}`).to.deep.equal(fresh);
      }
    }
  }).timeout(60_000);

  it('asks the objects around a string again: what is known of it says nothing of them', () => {
    const scanner = createScanner(plan, ruleTexts, 7, new Kernel(kernelModule()), gzip);
    const value = '{\\"data\\":{\\"one\\":\\"dGhlIHNlY3JldA==\\"},\\"kind\\":\\"Secret\\",\\"password\\":\\"Tr0ub4dor-x\\"}';
    const event = (resource: string): Uint8Array =>
      Buffer.from(
        `{"kind":"Event","objectRef":{"resource":"${resource}"},"requestObject":{"kind":"List","data":{"text":"${value}"},"message":"${value}"}}`,
      );
    const resources = ['pods', 'secrets', 'pods', 'secrets', 'configmaps', 'secrets', 'pods'];
    for (const resource of resources) {
      const bytes = Uint8Array.from(event(resource));
      const fresh = outcome(createScanner(plan, ruleTexts, 3, undefined, gzip), bytes);
      expect(outcome(scanner, bytes), resource).to.deep.equal(fresh);
    }
  });
});
