import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { deriveTriggers, readTriggers } from '../../src/compile/triggers.ts';
import { loadPack } from '../../src/masking/load-pack.ts';
import type { PackExample } from '../../src/masking/pack.ts';
import { lineMasker, rulesAtWork, sharedLines, shippedPacks, standard } from './support/mask-lines.ts';

const packs = shippedPacks();
const maskStandard = lineMasker(packs);
const everything = { ...standard, enable: ['all'] };

/** The line an example stands for: its event, or its text as the value of a ConfigMap key. */
function lineOf(example: PackExample): string {
  if (example.event !== undefined) return JSON.stringify(example.event);
  return JSON.stringify({ kind: 'Event', requestObject: { kind: 'ConfigMap', data: { 'app.conf': example.text } } });
}

/** A text as it may stand in JSON: plain, or escaped once or twice. */
function spellings(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [text, once, JSON.stringify(once).slice(1, -1)];
}

describe('masking/packs', () => {
  for (const pack of packs) {
    describe(pack.id, () => {
      for (const example of pack.examples) {
        it(`does what its example says: ${example.name}`, () => {
          const line = lineOf(example);
          const mask = example.enable.length === 0 ? maskStandard : lineMasker([pack], { ...standard, enable: example.enable });
          const out = mask(line);
          expect(out).to.be.a('string');
          if (example.unchanged) expect(out).to.equal(line);
          else expect(out).not.to.equal(line);
          expect(() => void JSON.parse(out!)).not.to.throw();
          for (const gone of example.gone) {
            expect(
              spellings(gone).some((form) => line.includes(form)),
              `${gone} is in the example`,
            ).to.equal(true);
            for (const form of spellings(gone)) expect(out, 'gone').not.to.include(form);
          }
          for (const stays of example.stays)
            expect(
              spellings(stays).some((form) => out!.includes(form)),
              `${stays} in ${out}`,
            ).to.equal(true);
        });
      }
    });
  }

  it('loads the pack that docs/masking.md shows', () => {
    const text = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/masking.md', 'utf8'))![1]!;
    const pack = loadPack({ file: 'docs/masking.md', text });
    const mask = lineMasker([pack]);
    for (const example of pack.examples) {
      const out = mask(lineOf(example))!;
      for (const gone of example.gone) expect(out).not.to.include(gone);
      if (example.unchanged) expect(out).to.equal(lineOf(example));
    }
  });

  it('gives every rule an example in which it is the one that masks', () => {
    const idle: string[] = [];
    for (const pack of packs) {
      const atWork = rulesAtWork([pack], everything);
      for (const rule of pack.rules) {
        if (rule.action === 'keep' || rule.operation.type === 'document') continue;
        const lines = pack.examples.filter((example) => example.rules.includes(rule.id)).map(lineOf);
        if (!lines.some((line) => atWork(line).includes(rule.id))) idle.push(rule.id);
      }
    }
    expect(idle).to.deep.equal([]);
  });

  it('gives every pattern a trigger', () => {
    const slow = packs.flatMap((pack) =>
      pack.rules.filter(({ operation }) => {
        if (operation.type !== 'pattern') return false;
        const { expression, trigger } = operation;
        return (trigger === undefined ? deriveTriggers(expression) : readTriggers(trigger)) === undefined;
      }),
    );
    expect(slow.map((rule) => rule.id)).to.deep.equal([]);
  });

  it('changes nothing but addresses when its output is masked again', () => {
    const masking = packs.map((pack) => ({ ...pack, rules: pack.rules.filter((rule) => rule.pseudonym !== 'address') }));
    for (const mask of [lineMasker(masking), lineMasker(masking, everything)]) {
      for (const example of packs.flatMap((pack) => pack.examples)) {
        const once = mask(lineOf(example))!;
        expect(mask(once), example.name).to.equal(once);
      }
    }
  });

  it('removes every must-tier secret from audit events of the vector set and keeps what must stay', function () {
    const lines = sharedLines('../shared/data/masking/k8s-generated.jsonl');
    if (!lines) return this.skip();
    const mask = lineMasker(packs, { ...standard, enable: ['all'] });
    const wrong: string[] = [];
    for (const line of lines) {
      const { id, kind, text, secrets, keep, positive, tier } = JSON.parse(line) as Vector;
      const event = text.startsWith('{') ? text.replaceAll('\n', '') : JSON.stringify({ kind: 'Event', requestURI: text });
      const out = mask(event) ?? 'STUB';
      if (positive && tier === 'must') {
        for (const secret of secrets)
          if (spellings(secret).some((form) => out.includes(form))) wrong.push(`${id} keeps a secret`);
      }
      // Every user name outside system: is pseudonymised, so this one cannot stay.
      const stays = (keep ?? []).filter((kept) => kind !== 'aws-identity' || kept !== 'eks-admin');
      for (const kept of stays) if (!spellings(kept).some((form) => out.includes(form))) wrong.push(`${id} lost ${kept}`);
    }
    expect(wrong).to.deep.equal([]);
  }).timeout(20_000);
});

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly secrets: readonly string[];
  readonly keep?: readonly string[];
  readonly positive: boolean;
  readonly tier: string;
}
