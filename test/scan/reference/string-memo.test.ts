import { expect } from 'chai';
import fc from 'fast-check';
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

  before(async function () {
    this.timeout(300_000);
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
      // Met once, met again and kept, known here, known to the kernel.
      for (let round = 0; round < 5; round++) {
        expect(outcome(kernel, bytes), `${seed} ${shape}, kernel, round ${round}`).to.deep.equal(fresh);
        expect(outcome(plain, bytes), `${seed} ${shape}, round ${round}`).to.deep.equal(fresh);
      }
    }
  }).timeout(300_000);

  it('does the same when the kernel has had to forget its strings, and learns them anew', () => {
    const kernel = createScanner(plan, ruleTexts, 7, new Kernel(kernelModule()), gzip);
    const value = (i: number): string =>
      `"note":"${i % 3 ? 'host' : 'called from 192.0.2.7 by'} ${i}","kind":"K${i}","\\u0061":"\\n${i}"`;
    const events = Array.from({ length: 60 }, (_, block) => {
      const members = Array.from({ length: 300 }, (__, i) => `{${value(block * 300 + i)}}`);
      return Uint8Array.from(Buffer.from(`{"kind":"Event","requestObject":{"items":[${members.join()}]}}`));
    });
    const fresh = events.map((bytes) => outcome(createScanner(plan, ruleTexts, 3, undefined, gzip), bytes));
    for (let round = 0; round < 4; round++) {
      // The same few again and again, so that they are known; then all of them, which are more than there is room for.
      for (let again = 0; again < 5; again++) expect(outcome(kernel, events[round] as Uint8Array)).to.deep.equal(fresh[round]);
      events.forEach((bytes, i) => {
        for (let twice = 0; twice < 2; twice++) expect(outcome(kernel, bytes), `${round} ${i}`).to.deep.equal(fresh[i]);
      });
    }
  }).timeout(60_000);

  it('does not take what it knows of a string for a place where a name, a list or what is around it says more', () => {
    const scanner = createScanner(plan, ruleTexts, 7, new Kernel(kernelModule()), gzip);
    const text = 'called from 192.0.2.7';
    const places = [
      `{"kind":"Pod","metadata":{"annotations":{"note":"${text}"}}}`,
      `{"kind":"Pod","metadata":{"annotations":{"password":"${text}"}}}`,
      `{"kind":"Secret","data":{"note":"${text}"}}`,
      `{"kind":"Secret","data":["${text}",{"note":"${text}"}]}`,
      `{"kind":"ConfigMap","data":{"a.json":"{\\"note\\":\\"${text}\\",\\"password\\":\\"${text}\\"}"}}`,
      `{"kind":"ConfigMap","data":{"a.json":"\\"${text}\\""}}`,
      `"${text}"`,
    ];
    const events = places.map((place) =>
      Uint8Array.from(Buffer.from(`{"kind":"Event","objectRef":{"resource":"pods"},"requestObject":${place}}`)),
    );
    const fresh = events.map((bytes) => outcome(createScanner(plan, ruleTexts, 3, undefined, gzip), bytes));
    fc.assert(
      fc.property(fc.array(fc.nat({ max: events.length - 1 }), { maxLength: 40 }), (order) => {
        for (const i of order) expect(outcome(scanner, events[i] as Uint8Array), places[i]).to.deep.equal(fresh[i]);
      }),
      { numRuns: 30 },
    );
  });

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

  it('looks into a string that it passed before where all around it was masked', () => {
    const kernel = createScanner(plan, ruleTexts, 7, new Kernel(kernelModule()), gzip);
    const plain = createScanner(plan, ruleTexts, 11, undefined, gzip);
    const event = (kind: string, member: string): Uint8Array =>
      Uint8Array.from(
        Buffer.from(
          `{"kind":"Event","verb":"update","requestObject":{"kind":"${kind}","stringData":{"${member}":"postgres://admin:${member}-Sup3rS3cret@db.example.com/x"}}}`,
        ),
      );
    for (const member of ['name', 'command', 'key', 'type', 'value', 'image', 'args', 'url', 'other']) {
      const bytes = event('ConfigMap', member);
      const fresh = outcome(createScanner(plan, ruleTexts, 3, undefined, gzip), bytes);
      for (const scanner of [kernel, plain]) {
        for (let round = 0; round < 6; round++) outcome(scanner, event('Secret', member));
        for (let round = 0; round < 4; round++) expect(outcome(scanner, bytes), member).to.deep.equal(fresh);
      }
    }
  });
});
