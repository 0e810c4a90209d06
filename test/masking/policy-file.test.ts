import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { Faults } from '../../src/core/faults.ts';
import { applyPolicy, policyIds } from '../../src/masking/policy.ts';
import { loadPolicy, type PolicyFile, policyJsonSchema, policySchema } from '../../src/masking/policy-file.ts';
import { lineMasker, shippedPacks, standard } from './support/mask-lines.ts';

/** Packs of one and two hundred patterns take a second to compile, and there are many policies here. */
const packs = shippedPacks().filter(({ id }) =>
  ['kubernetes', 'credentials', 'keep', 'personal', 'network', 'keys'].includes(id),
);

const policy = (more: string, base = 'standard'): PolicyFile =>
  loadPolicy({ file: 'p.yml', text: `id: mine\nversion: 2\nbase: ${base}\n${more}` });

const masker = (more: string, base?: string): ((event: unknown) => string) => {
  const mask = lineMasker(packs, { ...standard, policy: policy(more, base) });
  return (event) => mask(JSON.stringify(event))!;
};

function faultsOf(action: () => unknown): readonly string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof Faults)
      return error.faults.map(
        ({ code, location, message, remedy }) => `${location?.line}:${location?.column} ${code} ${message} | ${remedy}`,
      );
    throw error;
  }
  return [];
}

describe('masking/policy-file', () => {
  it('enables and disables kinds and changes what is done with one', () => {
    const mask = masker('disable: [email]\nactions: { user: redact, aws-key-id: keep-last-4, ip: keep }');
    const out = mask({
      kind: 'Event',
      user: { username: 'jane' },
      sourceIPs: ['203.0.113.7'],
      requestObject: { note: 'bob@example.com has AKIAQYLPMN5HFIQR7XYA' },
    });
    expect(out).to.equal(
      '{"kind":"Event","user":{"username":"[MASKED:user]"},"sourceIPs":["203.0.113.7"],"requestObject":{"note":"bob@example.com has [MASKED:aws-key-id]7XYA"}}',
    );
  });

  it('keeps four characters only of values that are much longer, and nothing of others', () => {
    const mask = masker('actions: { credential: keep-last-4 }');
    expect(mask({ kind: 'Event', requestObject: { password: 'a-long-value-9x7Z' } })).to.include('"[MASKED:credential]9x7Z"');
    for (const short of ['hunter2xyz', 'ends in a long sign-'])
      expect(mask({ kind: 'Event', requestObject: { password: short } })).to.include('"[MASKED:credential]"');
  });

  it('writes addresses as equality only, or as their network', () => {
    const event = { kind: 'Event', sourceIPs: ['203.0.113.77', '2001:db8:1:2::3', '127.0.0.1', '203.0.113.9:443'] };
    expect(masker('addresses: network')(event)).to.include('["203.0.113.0","2001:db8:1::","127.0.0.1","203.0.113.0:443"]');
    expect(masker('addresses: hmac')(event)).to.match(/\["\[MASKED:ip:k?[a-z0-9]+:[0-9a-f]{16}\]",/);
  });

  it('empties what is dropped and keeps its type, in documents inside strings too', () => {
    const mask = masker('paths: [{ path: "**.gone", action: drop }]');
    const out = mask({
      kind: 'Event',
      requestObject: {
        gone: { a: [1, { b: 'secret' }] },
        x: [{ gone: 'text' }, { gone: [1] }, { gone: 17 }, { gone: true }, { gone: null }],
      },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"gone":{"a":"b"},"stays":1}' },
    });
    expect(JSON.parse(out)).to.deep.equal({
      kind: 'Event',
      requestObject: { gone: {}, x: [{ gone: '' }, { gone: [] }, { gone: 0 }, { gone: true }, { gone: null }] },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"gone":{},"stays":1}' },
    });
  });

  it('cuts texts after so many characters, never inside one, and masks what is left', () => {
    const mask = masker('paths: [{ path: event.note, action: truncate, characters: 12 }]');
    const cut = (note: string): string => (JSON.parse(mask({ kind: 'Event', note })) as { note: string }).note;
    expect(cut('twelve chars')).to.equal('twelve chars');
    expect(cut('twelve chars and more')).to.equal('twelve chars[MASKED:truncated]');
    expect(cut(`${'😀'.repeat(12)}x`)).to.equal(`${'😀'.repeat(12)}[MASKED:truncated]`);
    expect(cut('"quotes"\n\\\t "quotes"')).to.equal('"quotes"\n\\\t [MASKED:truncated]');
    expect(cut('jo@example.com is here'))
      .to.match(/^\[MASKED:email:/)
      .and.not.include('example');
    const line = lineMasker(packs, {
      ...standard,
      policy: policy('paths: [{ path: event.note, action: truncate, characters: 2 }]'),
    });
    expect(line('{"note":"\\ud83d\\ude00\\u00e9\\u00e9"}')).to.equal('{"note":"\\ud83d\\ude00\\u00e9[MASKED:truncated]"}');
  });

  it('never lets the rest of a masked number stand for a text that is cut', () => {
    const mask = masker('paths: [{ path: "**.cut", action: truncate, characters: 3 }]');
    const out = mask({ kind: 'Event', requestObject: [{ cut: '{"a":{"password":1000}}' }] });
    expect(JSON.parse(out)).to.deep.equal({ kind: 'Event', requestObject: [{ cut: '{"a[MASKED:truncated]' }] });
  });

  it('changes nothing when what was cut or dropped is masked again', () => {
    const mask = masker('paths: [{ path: event.note, action: truncate, characters: 5 }, { path: event.gone, action: drop }]');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.jsonValue(), (note, gone) => {
        const once = mask({ kind: 'Event', note, gone });
        expect(mask(JSON.parse(once))).to.equal(JSON.stringify(JSON.parse(once)));
        expect(Array.from((JSON.parse(once) as { note: string }).note.replace('[MASKED:truncated]', '')).length).to.be.at.most(5);
      }),
      { numRuns: 200 },
    );
  });

  it('masks nothing at or below a place that is kept, whatever would mask it, and all around it', () => {
    const mask = masker('paths: [{ path: event.requestObject.spec.keep, action: keep }]');
    const inner = {
      password: 'hunter2-abc',
      list: ['jane@example.com', '{"token":"abc123def456"}'],
      env: [{ name: 'DB_PASSWORD', value: 'x1y2z3' }],
    };
    const out = mask({ kind: 'Event', requestObject: { spec: { keep: inner, other: inner }, keep: 'bob@example.com' } });
    const { spec, keep } = (JSON.parse(out) as { requestObject: { spec: Record<string, unknown>; keep: string } }).requestObject;
    expect(spec['keep']).to.deep.equal(inner);
    expect(JSON.stringify(spec['other'])).to.not.match(/hunter2|jane@|abc123|x1y2z3/);
    expect(keep).to.match(/^\[MASKED:email:/);
  });

  it('keeps, drops and cuts at every depth, in lists and in documents inside strings, and leaves valid JSON', () => {
    const mask = masker(
      'paths: [{ path: "**.keep", action: keep }, { path: "**.gone", action: drop }, { path: "**.cut", action: truncate, characters: 3 }]',
    );
    const secretive = fc.constantFrom('jane@example.com', 'password=hunter2-xyz', 'Bearer abcdef0123456789abcdef', '"\\é😀\n');
    const leaf = fc.oneof(secretive, fc.string({ unit: 'binary', maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('keep', 'gone', 'cut', 'a', 'password'), tie('tree'), { maxKeys: 4 }),
        fc
          .dictionary(fc.constantFrom('keep', 'gone', 'cut', 'a'), tie('tree'), { minKeys: 1, maxKeys: 3 })
          .map((value) => JSON.stringify(value)),
      ),
    }));
    fc.assert(
      fc.property(tree, (body) => {
        const out = JSON.parse(mask({ kind: 'Event', requestObject: body })) as { requestObject: unknown };
        compare(body, out.requestObject);
        expect(JSON.parse(mask(out))).to.deep.equal(out);
      }),
      { numRuns: 150 },
    );
  }).timeout(60_000);

  it('masks places under a kind of its own, only for the resources it names', () => {
    const mask = masker('paths: [{ path: "**.color", action: redact, kind: paint, resources: [widgets] }]');
    const event = (resource: string): unknown => ({
      kind: 'Event',
      objectRef: { resource },
      requestObject: { a: { color: ['blue', 7] } },
    });
    expect(mask(event('widgets'))).to.include('"color":["[MASKED:paint]",0]');
    expect(mask(event('pods'))).to.include('"color":["blue",7]');
  });

  it('drops managedFields in strict', () => {
    const mask = lineMasker(packs, { ...standard, policy: 'strict' });
    expect(mask('{"requestObject":{"metadata":{"name":"a","managedFields":[{"manager":"x"}]}}}')).to.equal(
      '{"requestObject":{"metadata":{"name":"a","managedFields":[]}}}',
    );
  });

  it('is in force under its own name, version and a digest of what it does', () => {
    const apply = (more: string): ReturnType<typeof applyPolicy> => applyPolicy(packs, { ...standard, policy: policy(more) });
    const one = apply('disable: [email]');
    expect(one).to.include({ id: 'mine', version: 2 });
    expect(apply('disable: [email]').digest).to.equal(one.digest);
    const others = [
      '',
      'actions: { email: redact }',
      'addresses: hmac',
      'paths: [{ path: event.a, action: drop }]',
      'keepUsers: [x]',
    ];
    expect(new Set([one.digest, ...others.map((more) => apply(more).digest)]).size).to.equal(6);
    expect(apply('').digest).to.equal(applyPolicy(packs, standard).digest);
  });

  it('refuses what is wrong, with the place and what to write instead', () => {
    expect(faultsOf(() => policy('enabel: [x]'))).to.deep.equal([
      '4:1 E_POLICY_UNKNOWN_KEY unknown key "enabel" | Did you mean `enable`?',
    ]);
    expect(faultsOf(() => policy('paths: [{ path: event.x, action: drop, resource: [pods] }]'))).to.deep.equal([
      '4:40 E_POLICY_UNKNOWN_KEY unknown key "resource" | Did you mean `resources`?',
    ]);
    expect(faultsOf(() => policy('kind: x'))[0]).to.not.match(/characters|resources/);
    expect(faultsOf(() => loadPolicy({ file: 'p.yml', text: 'id: a\nversion: 1\nbase: standar' }))[0]).to.match(
      /^3:7 E_POLICY_SHAPE base must be one of .*Did you mean `standard`/,
    );
    expect(faultsOf(() => policy('paths: [{ path: metadata.x, action: drop }]'))[0]).to.match(
      /^4:17 E_POLICY_SHAPE paths\.0\.path must begin/,
    );
    expect(faultsOf(() => policy('paths: [{ path: event.x, action: truncate }]'))[0]).to.match(
      /E_POLICY_SHAPE paths\.0\.characters is missing/,
    );
    expect(faultsOf(() => policy('actions: { email: drop }'))[0]).to.match(
      /^4:\d+ E_POLICY_SHAPE actions\.email must be one of redact/,
    );
    expect(faultsOf(() => policy('enable: [email]\ndisable: [email]'))[0]).to.match(/^5:11 E_POLICY_KIND/);
    expect(faultsOf(() => policy('disable: [a'))[0]).to.match(/E_POLICY_YAML/);
    for (const id of policyIds)
      expect(faultsOf(() => loadPolicy({ file: 'p.yml', text: `id: ${id}\nversion: 1\nbase: standard` }))[0]).to.match(
        /^1:5 E_POLICY_ID/,
      );
    expect(faultsOf(() => loadPolicy({ file: 'p.yml', text: '' })).length).to.equal(3);
  });

  it('refuses kinds that no pack has where it is applied', () => {
    const wrong = policy('enable: [emial]\ndisable: [email]\nactions: { usr: redact }');
    expect(faultsOf(() => applyPolicy(packs, { ...standard, policy: wrong }))).to.deep.equal([
      '4:10 E_POLICY_KIND no pack has the kind "emial" | Did you mean `email`?',
      '6:17 E_POLICY_KIND no pack has the kind "usr" | Did you mean `user`?',
    ]);
  });

  it('says in docs/policies.md what every key and action is, with an example that loads', () => {
    const page = readFileSync('docs/policies.md', 'utf8');
    const example = loadPolicy({ file: 'docs/policies.md', text: /```yaml\n([\s\S]*?)```/.exec(page)![1]! });
    expect(example.paths.map(({ action }) => action)).to.include.members(['keep', 'redact', 'pseudonymise', 'drop', 'truncate']);
    const words = [
      ...Object.keys(policySchema.shape),
      'keep-last-4',
      'prefix',
      'hmac',
      'network',
      'resources',
      'characters',
      'why',
    ];
    expect(words.filter((word) => !page.includes(word))).to.deep.equal([]);
  });

  it('has a JSON Schema with every key', () => {
    const { properties } = policyJsonSchema() as { properties: Record<string, unknown> };
    expect(Object.keys(properties)).to.include.members([
      'id',
      'version',
      'base',
      'enable',
      'disable',
      'actions',
      'addresses',
      'paths',
    ]);
  });
});

/** What a policy that keeps `keep`, drops `gone` and cuts `cut` makes of a value, as far as that does not depend on other masks. */
function compare(before: unknown, after: unknown): void {
  if (Array.isArray(before)) {
    before.forEach((value: unknown, i) => {
      compare(value, (after as readonly unknown[])[i]);
    });
  } else if (typeof before === 'object' && before !== null) {
    for (const [name, value] of Object.entries(before))
      compareMember(name, value, (after as Readonly<Record<string, unknown>>)[name]);
  } else if (typeof before === 'string' && /^[{[]/.test(before) && typeof after === 'string' && !after.startsWith('[MASKED')) {
    compare(JSON.parse(before), JSON.parse(after));
  }
}

function compareMember(name: string, before: unknown, after: unknown): void {
  if (name === 'keep') expect(after).to.deep.equal(before);
  else if (name === 'gone') expect(after).to.deep.equal(emptied(before));
  else if (name !== 'password' && name !== 'cut') compare(before, after);
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  return typeof value === 'object' && value !== null ? {} : value;
}
