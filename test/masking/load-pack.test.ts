import { expect } from 'chai';
import { describeFault, Faults } from '../../src/core/faults.ts';
import { loadPack, loadPacks } from '../../src/masking/load-pack.ts';

const good = `id: badges
summary: Numbers of badges.
names:
  badge-name: { expression: '(?i)badge$' }
rules:
  - id: badge
    kind: badge
    category: personal
    about: Badge numbers.
    pattern: { expression: 'badge-([0-9]{6})', group: 1, validate: notPlaceholder }
  - id: badge-member
    kind: badge
    category: personal
    about: Members called badge.
    names: { in: '**', class: badge-name }
examples:
  - { name: a badge, rule: [badge, badge-member], event: { badge: x1 }, gone: x1 }
  - { name: no badge, rule: [badge, badge-member], text: badge-1, unchanged: true }
`;

/** The faults of a text as people see them. */
function faultsOf(text: string): readonly string[] {
  try {
    loadPack({ file: 'p.yml', text });
  } catch (error) {
    if (error instanceof Faults) return error.faults.map((fault) => describeFault(fault).split('\n')[0]!);
    throw error;
  }
  return [];
}

describe('masking/load-pack', () => {
  it('reads a pack and fills in what is usual', () => {
    const pack = loadPack({ file: 'p.yml', text: good });
    const [badge] = pack.rules;
    expect(badge).to.deep.include({ id: 'badge', action: 'redact', pseudonym: 'token', enabled: true, line: 6 });
    expect(badge!.operation).to.deep.equal({
      type: 'pattern',
      expression: 'badge-([0-9]{6})',
      group: 1,
      validate: ['notPlaceholder'],
    });
    expect(pack.examples[1]).to.deep.include({ rules: ['badge', 'badge-member'], gone: [], unchanged: true, line: 18 });
  });

  for (const [what, from, to, want] of [
    ['a misspelt key', '    about: Badge', '    abuot: Badge', /^p\.yml:9:5: unknown key "abuot" \(E_PACK_UNKNOWN_KEY\)/],
    [
      'a missing key',
      '    kind: badge\n    category: personal\n    about: Badge',
      '    category: personal\n    about: Badge',
      /^p\.yml:6:\d+: .*kind.*\(E_PACK_SHAPE\)/,
    ],
    [
      'a wrong value',
      'category: personal\n    about: Badge',
      'category: private\n    about: Badge',
      /^p\.yml:8:15: .*category.*\(E_PACK_SHAPE\)/,
    ],
    [
      'a broken expression',
      "'badge-([0-9]{6})'",
      "'badge-([0-9]{6}'",
      /^p\.yml:10:28: not a valid expression.*\(E_PACK_EXPRESSION\)/,
    ],
    ['look-ahead', "'badge-([0-9]{6})'", "'badge-(?=[0-9])'", /^p\.yml:10:28: .*\(E_PACK_EXPRESSION\)/],
    [
      'an unknown validator',
      'notPlaceholder',
      'notPlacholder',
      /^p\.yml:10:\d+: there is no validator "notPlacholder" \(E_PACK_VALIDATOR\)/,
    ],
    [
      'an unknown class',
      'class: badge-name',
      'class: badge-nam',
      /^p\.yml:15:\d+: there is no class of names "badge-nam" \(E_PACK_CLASS\)/,
    ],
    [
      'two operations',
      '    names: {',
      '    document: { format: json }\n    names: {',
      /^p\.yml:11:5: rule badge-member has names and document \(E_PACK_OPERATION\)/,
    ],
    ['a bad scope', "in: '**'", 'in: everywhere', /^p\.yml:\d+:\d+: "everywhere" is not a path \(E_PACK_PATH\)/],
    [
      'a second rule of the same id',
      'id: badge-member',
      'id: badge',
      /^p\.yml:11:\d+: two rules are called badge \(E_PACK_DUPLICATE\)/,
    ],
    ['no example that matches', ', gone: x1', '', /^p\.yml:6:\d+: rule badge has no example that it matches \(E_PACK_EXAMPLE\)/],
    [
      'no example that does not match',
      ', unchanged: true',
      ', gone: badge-1',
      /^p\.yml:6:\d+: rule badge has no example that it does not match \(E_PACK_EXAMPLE\)/,
    ],
    [
      'an example of another rule',
      'rule: [badge, badge-member], event',
      'rule: [badge, badge-member, bagde], event',
      /^p\.yml:\d+:\d+: .*bagde.*\(E_PACK_EXAMPLE\)/,
    ],
    ['text that is not YAML', 'summary: Numbers', 'summary: [Numbers', /^p\.yml:\d+:\d+: not valid YAML.*\(E_PACK_YAML\)/],
  ] as const) {
    it(`refuses ${what}, with file, line and column`, () => {
      expect(good).to.include(from);
      const faults = faultsOf(good.replace(from, to));
      expect(
        faults.some((fault) => want.test(fault)),
        faults.join('\n'),
      ).to.equal(true);
    });
  }

  it('suggests the key that was meant', () => {
    try {
      loadPack({ file: 'p.yml', text: good.replace('about: Badge', 'abuot: Badge') });
      expect.fail('loaded');
    } catch (error) {
      const unknown = (error as Faults).faults.find((fault) => fault.code === 'E_PACK_UNKNOWN_KEY');
      expect(unknown?.remedy).to.include('about');
    }
  });

  it('reports the faults of all files at once, and ids that two files share', () => {
    const other = good.replace('id: badges', 'id: others');
    const files = [
      { file: 'a.yml', text: good },
      { file: 'b.yml', text: other },
      { file: 'c.yml', text: '[]' },
    ];
    expect(() => loadPacks(files))
      .to.throw(Faults)
      .with.property('message')
      .that.matches(/b\.yml:6:1: rule badge is already in a\.yml/)
      .and.matches(/c\.yml:1:1/);
    expect(loadPacks([files[0]!]).length).to.equal(1);
  });
});
