import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { kindsPage } from '../../src/masking/kinds-page.ts';
import { kindsOf } from '../../src/masking/policy.ts';
import { validators } from '../../src/masking/validators.ts';
import { shippedPacks } from './support/mask-lines.ts';

describe('masking/kinds-page', () => {
  const packs = shippedPacks();
  const masking = packs.map((pack) => ({ ...pack, rules: pack.rules.filter((rule) => rule.action !== 'keep') }));

  it('is what docs/mask-kinds.md holds (write it with `auditveil docs`)', () => {
    expect(readFileSync('docs/mask-kinds.md', 'utf8')).to.equal(kindsPage(packs));
  });

  it('has a row for every kind that masks and a word for every validator', () => {
    const page = kindsPage(packs);
    const missing = kindsOf(masking).filter((kind) => !page.includes(`\n| \`${kind}\` |`));
    expect([...missing, ...Object.keys(validators).filter((name) => !page.includes(`\`${name}\``))]).to.deep.equal([]);
  });

  it('says of each kind whether it is on', () => {
    const row = (kind: string): string =>
      kindsPage(packs)
        .split('\n')
        .find((line) => line.startsWith(`| \`${kind}\``)) ?? '';
    expect(row('jwt')).to.match(/\| yes \|$/);
    expect(row('us-ssn')).to.match(/\| no \|$/);
  });

  it('knows at least eighty kinds', () => {
    expect(kindsOf(masking).length).to.be.greaterThan(80);
  });
});
