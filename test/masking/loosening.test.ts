import { expect } from 'chai';
import { loadPack } from '../../src/masking/load-pack.ts';
import { loosenings } from '../../src/masking/loosening.ts';
import { applyPolicy, type Policy, type PolicyOptions } from '../../src/masking/policy.ts';
import { loadPolicy } from '../../src/masking/policy-file.ts';
import { shippedPacks, standard } from './support/mask-lines.ts';

const shipped = shippedPacks();
const policy = (more: Partial<PolicyOptions> = {}, packs = shipped): Policy => applyPolicy(packs, { ...standard, ...more });
const file = (text: string): Policy =>
  policy({ policy: loadPolicy({ file: 'p.yml', text: `id: mine\nversion: 1\nbase: standard\n${text}` }) });
const pack = (expression: string) =>
  loadPack({
    file: 'own.yml',
    text: `id: own
summary: Own.
rules:
  - { id: badge, kind: badge, category: secret, about: Badges., pattern: { expression: '${expression}', group: 1 } }
examples:
  - { name: a badge, rule: badge, text: 'seen B-123456 at', gone: '123456' }
  - { name: none, rule: badge, text: B-1, unchanged: true }
`,
  });

describe('masking/loosening', () => {
  it('has nothing against more masks', () => {
    expect(loosenings(policy(), policy())).to.deep.equal([]);
    expect(loosenings(policy({ policy: 'secrets-only' }), policy())).to.deep.equal([]);
    expect(loosenings(policy(), policy({ policy: 'strict' }))).to.deep.equal([]);
    expect(loosenings(policy(), policy({ enable: ['all'] }))).to.deep.equal([]);
    expect(loosenings(policy({ keepUsers: [] }), policy({}, [...shipped, pack('B-([0-9]{6})')]))).to.deep.equal([]);
    expect(loosenings(policy(), file('actions: { email: redact }\n'))).to.deep.equal([]);
  });

  const weaker: readonly (readonly [string, Policy, Policy])[] = [
    ['a weaker policy', policy({ policy: 'strict' }), policy()],
    ['only secrets', policy(), policy({ policy: 'secrets-only' })],
    ['kinds that are no longer enabled', policy({ enable: ['all'] }), policy()],
    ['users that are kept', policy(), policy({ keepUsers: ['admin'] })],
    ['a kind that is kept', policy(), file('actions: { email: keep }\n')],
    ['a kind that is switched off', policy(), file('disable: [email]\n')],
    ['addresses of which the network stays', policy(), file('addresses: network\n')],
    ['a place that is released', policy(), file('paths:\n  - { path: event.userAgent, action: keep, why: tests }\n')],
    ['a pack that is gone', policy({}, [...shipped, pack('B-([0-9]{6})')]), policy()],
    ['a rule that is another', policy({}, [...shipped, pack('B-([0-9]{6,9})')]), policy({}, [...shipped, pack('B-([0-9]{6})')])],
  ];
  for (const [what, before, after] of weaker) {
    it(`names rules for ${what}`, () => {
      expect(loosenings(before, after)).not.to.deep.equal([]);
    });
  }
});
