import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { builtPlan, builtPlanFile } from '../../src/pipeline/built-plans.ts';
import { planInput } from '../../src/pipeline/compose-engine.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { builtPacks, shippedMapping, shippedPacks, shippedRules } from '../../src/pipeline/load-files.ts';
import { openEngine } from '../../src/pipeline/open-engine.ts';
import { testKeyRing } from '../support/inspect-lines.ts';

const base = { enable: [], keyRing: testKeyRing };

describe('pipeline/open-engine', () => {
  it('finds the plans that the build made for the shipped packs and rules, and they are those that compiling gives', async () => {
    expect(await builtPacks(await shippedPacks()), 'packs.json').not.to.equal(undefined);
    const { plan, policy, rules } = await openEngine({ ...base, policy: 'standard' });
    expect(existsSync(builtPlanFile(planInput(policy, rules))), 'plan without rules').to.equal(true);
    const compiled = loadEngine({ ...base, policy: 'standard', keepUsers: [], packFiles: await shippedPacks(), ruleFiles: [] });
    expect(plan.id).to.equal(compiled.plan.id);

    const detecting = await openEngine({
      ...base,
      policy: 'standard',
      detect: { profile: 'default', builtIn: true, rules: [] },
    });
    expect(existsSync(builtPlanFile(planInput(detecting.policy, detecting.rules))), 'plan with rules').to.equal(true);
    const compiledRules = loadEngine({
      ...base,
      policy: 'standard',
      keepUsers: [],
      packFiles: await shippedPacks(),
      ruleFiles: await shippedRules(),
      mapping: await shippedMapping(),
      profile: 'default',
    });
    expect(detecting.plan.id).to.equal(compiledRules.plan.id);
  });

  it('compiles where the build has no such plan: users kept, own packs', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-engine-'));
    try {
      const file = path.join(folder, 'own.yml');
      writeFileSync(
        file,
        'id: own\nsummary: Badge numbers.\nrules:\n  - id: own-badge\n    kind: badge\n    category: personal\n    about: Badge numbers.\n    action: redact\n    pattern: { expression: "BADGE-[0-9]{6}" }\nexamples:\n  - { name: a badge, rule: own-badge, text: "see BADGE-123456", gone: "BADGE-123456" }\n  - { name: no badge, rule: own-badge, text: "see BADGE-1", unchanged: true }\n',
      );
      const { plan: shipped } = await openEngine({ ...base, policy: 'standard' });
      for (const choice of [{ keepUsers: ['ops-*'] }, { packs: [file] }]) {
        const { plan, policy, rules } = await openEngine({ ...base, policy: 'standard', ...choice });
        expect(builtPlan(planInput(policy, rules))).to.equal(undefined);
        expect(plan.id).not.to.equal(shipped.id);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
