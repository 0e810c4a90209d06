import { expect } from 'chai';
import { decodePlan, decodeTables, encodePlan, encodeTables, planKey } from '../../src/compile/plan-file.ts';
import { sha256Hex } from '../../src/crypto/sha256.ts';
import { loadPacks } from '../../src/masking/load-pack.ts';
import { applyPolicy } from '../../src/masking/policy.ts';
import { composeEngine, noRules, planInput } from '../../src/pipeline/compose-engine.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { maskOne, testKeyRing } from '../support/inspect-lines.ts';

const event = JSON.stringify({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  verb: 'create',
  user: { username: 'jane@example.com' },
  sourceIPs: ['192.0.2.7'],
  objectRef: { resource: 'secrets' },
  requestObject: { kind: 'Secret', data: { password: 'aHVudGVyMg==' } },
});

describe('compile/plan-file', () => {
  it('gives a plan back that masks the same and is written the same', async () => {
    const policy = applyPolicy(loadPacks(await shippedPacks()), { policy: 'standard', enable: [], keepUsers: [] });
    const compiled = composeEngine({ policy, rules: noRules, keyRing: testKeyRing });
    const bytes = encodePlan(compiled.plan);
    const read = composeEngine({ policy, rules: noRules, keyRing: testKeyRing, builtPlan: () => decodePlan(bytes) });
    expect(read.plan.id).to.equal(compiled.plan.id);
    expect(read.plan.automaton.transitions).to.be.instanceOf(Uint16Array).and.deep.equal(compiled.plan.automaton.transitions);
    expect(read.plan.automaton.nameBits).to.be.instanceOf(Uint32Array).and.deep.equal(compiled.plan.automaton.nameBits);
    expect(read.plan.classes).to.deep.equal(compiled.plan.classes);
    expect(encodePlan(read.plan)).to.deep.equal(bytes);
    const masked = maskOne(compiled, event);
    expect(masked).not.to.equal(event);
    expect(maskOne(read, event)).to.equal(masked);
  });

  it('takes no file that is cut off, wherever it stands in memory', () => {
    const data = { name: 'x', bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), words: [Uint32Array.of(9, 10), Uint16Array.of(11)] };
    const file = encodeTables(data);
    for (const place of [0, 1, 8]) {
      const memory = new Uint8Array(file.length + 64).fill(255);
      memory.set(file, place);
      const upTo = (length: number): Uint8Array => memory.subarray(place, place + length);
      expect(decodeTables(upTo(file.length))).to.deep.equal(data);
      // The last array is of two bytes, and what fills the file up behind it is not read.
      for (let length = 0; length <= file.length - 7; length++)
        expect(() => decodeTables(upTo(length)), `${length} bytes at ${place}`).to.throw();
    }
  });

  it('has another key for other packs, fields, rules and compilers', () => {
    const input = planInput(applyPolicy([], { policy: 'standard', enable: [], keepUsers: [] }), noRules);
    const keys = [
      planKey(input, 'a', sha256Hex),
      planKey(input, 'b', sha256Hex),
      planKey({ ...input, rules: ['x'] }, 'a', sha256Hex),
      planKey({ ...input, correlations: ['x'] }, 'a', sha256Hex),
      planKey({ ...input, fields: [{ name: 'verb', paths: [['verb']] }] }, 'a', sha256Hex),
    ];
    expect(new Set(keys).size).to.equal(keys.length);
    expect(planKey({ ...input }, 'a', sha256Hex)).to.equal(keys[0]);
  });
});
