import { expect } from 'chai';
import type { Inspector } from '../../src/core/tile.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { loadPacks } from '../../src/masking/load-pack.ts';
import type { Pack } from '../../src/masking/pack.ts';
import { applyPolicy, policyIds } from '../../src/masking/policy.ts';
import { canaryForms } from '../../src/pipeline/canary-events.ts';
import { examplesFor } from '../../src/pipeline/canary-examples.ts';
import { composeEngine, noRules } from '../../src/pipeline/compose-engine.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { SelfTest } from '../../src/pipeline/self-test.ts';
import { fixedKeyRing } from './support.ts';

type Choice = Partial<Parameters<typeof applyPolicy>[1]>;
const policyOf = (packs: readonly Pack[], choice: Choice = {}) =>
  applyPolicy(packs, { policy: 'standard', enable: [], keepUsers: [], ...choice });
const inspectorOf = (packs: readonly Pack[], choice: Choice = {}): Inspector =>
  composeEngine({ policy: policyOf(packs, choice), rules: noRules, keyRing: fixedKeyRing() }).inspector;

describe('pipeline/self-test', function () {
  this.timeout(120_000);
  let packs: readonly Pack[] = [];
  before(async () => {
    packs = loadPacks(await shippedPacks());
  });

  /** The packs that should be in force are tried on an inspector that may do something else. */
  async function selfTestOf(inspector: Inspector, choice: Choice = {}, everyRule = true): Promise<SelfTest> {
    const inForce = policyOf(packs, choice).packs;
    return new SelfTest({ inspector, packs: inForce, examplesOf: await examplesFor(inForce), everyRule, random: systemRandom });
  }

  for (const policy of policyIds) {
    it(`passes with the shipped packs under ${policy}, with values of this run for most kinds`, async () => {
      const test = await selfTestOf(inspectorOf(packs, { policy }), { policy });
      expect(await test.run(0)).to.deep.equal({ leaks: [], broken: undefined });
      for (let minute = 1; minute < 4; minute++)
        expect(await test.run(minute * 60e6)).to.deep.equal({ leaks: [], broken: undefined });
      expect(test.canaries).to.be.greaterThan(50);
    });
  }

  it('passes with every kind on', async () => {
    const test = await selfTestOf(inspectorOf(packs, { enable: ['all'] }), { enable: ['all'] });
    expect(await test.run(0)).to.deep.equal({ leaks: [], broken: undefined });
  });

  it('tries every rule in force that has an example of something masked', () => {
    const inForce = policyOf(packs).packs;
    const tried = new Set(canaryForms(inForce, (pack) => pack.examples, systemRandom).flatMap(({ original }) => original.rules));
    const masking = inForce.flatMap((pack) =>
      pack.rules.filter((rule) => rule.action !== 'keep' && rule.operation.type !== 'document'),
    );
    const untried = masking.map((rule) => rule.id).filter((id) => !tried.has(id));
    expect(untried.length, untried.join(', ')).to.be.lessThan(masking.length / 20);
  });

  it('names the rule and the example where one rule of many does nothing, and never a value', async () => {
    const all = policyOf(packs).packs.flatMap((pack) => pack.rules);
    const rules = ['jwt', 'secret-data', 'private-key', 'env-secret'].flatMap(
      (kind) => all.find((rule) => rule.kind === kind) ?? [],
    );
    expect(rules.length).to.be.greaterThan(1);
    let noticed = 0;
    for (const { id, kind } of rules) {
      const broken = packs.map((pack) => ({ ...pack, rules: pack.rules.filter((rule) => rule.id !== id) }));
      const { leaks, broken: why } = await (await selfTestOf(inspectorOf(broken))).run(0);
      // Another rule may cover all the examples of one; then nothing leaked.
      if (leaks.length > 0) noticed++;
      expect(why, id).to.equal(undefined);
      for (const { kinds, origin } of leaks) {
        expect(kinds).to.include(kind);
        expect(origin).to.match(/^masks\/[a-z-]+\.yml:\d+: [a-zA-Z0-9 ,'-]+$/);
      }
    }
    expect(noticed).to.be.greaterThan(rules.length / 3);
  });

  it('finds a whole pack missing, nothing masked, and inspection that throws', async () => {
    const some = packs.filter((pack) => pack.id !== 'kubernetes');
    expect(
      (await (await selfTestOf(inspectorOf(some))).run(0)).leaks.some((leak) => leak.kinds.includes('secret-data')),
    ).to.equal(true);
    const none = await (await selfTestOf(inspectorOf([]))).run(0);
    expect(new Set(none.leaks.flatMap((leak) => leak.kinds)).size).to.be.greaterThan(20);
    const throwing: Inspector = {
      inspect: () => {
        throw new Error('a value');
      },
    };
    expect(await (await selfTestOf(throwing)).run(0)).to.deep.equal({
      leaks: [],
      broken: 'the self-test events could not be inspected',
    });
  });

  it('finds masking that stops working later', async () => {
    let live = inspectorOf(packs);
    const later: Inspector = { inspect: (tile) => live.inspect(tile) };
    const test = await selfTestOf(later);
    expect((await test.run(0)).leaks).to.deep.equal([]);
    live = inspectorOf(packs.map((pack) => ({ ...pack, rules: pack.rules.filter((rule) => rule.kind !== 'private-key') })));
    const { leaks } = await test.run(1);
    expect(leaks.length).to.be.greaterThan(0);
    expect(leaks.every((leak) => leak.kinds.includes('private-key'))).to.equal(true);
  });

  it('finds a value of which only a part is masked', async () => {
    const half = loadPacks([
      {
        file: 'half.yml',
        text: `
id: half
summary: Masks the beginning of what it should mask.
rules:
  - { id: half, kind: half, category: secret, about: Half., pattern: { expression: 'tok-([a-z]{10})[a-z]{30}', group: 1 } }
examples:
  - { name: a token, rule: half, text: 'at tok-abcdefghijklmnopqrstuvwxyzabcdefghijklmn here', gone: tok-abcdefghijklmnopqrstuvwxyzabcdefghijklmn }
  - { name: none, rule: half, text: tok-abc, unchanged: true }
`,
      },
    ]);
    const test = new SelfTest({
      inspector: inspectorOf(half),
      packs: half,
      examplesOf: (pack) => pack.examples,
      everyRule: true,
      random: systemRandom,
    });
    expect((await test.run(0)).leaks).to.deep.equal([{ rules: ['half'], kinds: ['half'], origin: 'half.yml:7: a token' }]);
  });

  it('does not take a policy of one’s own for a leak', async () => {
    const choice = { keepUsers: ['*'] };
    expect((await (await selfTestOf(inspectorOf(packs, choice), choice)).run(0)).leaks).to.deep.equal([]);
    const fewer = packs.map((pack) => ({ ...pack, rules: pack.rules.filter((rule) => rule.kind !== 'email') }));
    const lenient = await selfTestOf(inspectorOf(fewer), {}, false);
    expect(await lenient.run(0)).to.deep.equal({ leaks: [], broken: undefined });
  });
});
