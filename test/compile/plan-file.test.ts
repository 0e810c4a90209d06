import { expect } from 'chai';
import { decodePlan, encodePlan, planKey } from '../../src/compile/plan-file.ts';
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
