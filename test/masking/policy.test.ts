import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { loadPack } from '../../src/masking/load-pack.ts';
import { applyPolicy, kindsOf } from '../../src/masking/policy.ts';
import { lineMasker, shippedPacks, standard } from './support/mask-lines.ts';

const packs = shippedPacks();
const event = (more: object): string => JSON.stringify({ kind: 'Event', ...more });

describe('masking/policy', () => {
  it('masks only secrets in secrets-only', () => {
    const mask = lineMasker(packs, { ...standard, policy: 'secrets-only' });
    const out = mask(event({ user: { username: 'jane' }, sourceIPs: ['203.0.113.7'], requestObject: { password: 'hunter2-x' } }));
    expect(out).to.include('jane').and.include('203.0.113.7').and.not.include('hunter2');
  });

  it('leaves users alone that the policy keeps, and nobody else', () => {
    const mask = lineMasker(packs, { ...standard, keepUsers: ['ci.bot', 'jane@example.com', 'svc-*'] });
    for (const user of ['ci.bot', 'jane@example.com', 'svc-deploy']) {
      expect(mask(event({ user: { username: user } }))).to.include(user);
    }
    for (const user of ['cixbot', 'ci.bot2', 'joan@example.com', 'asvc-deploy']) {
      expect(mask(event({ user: { username: user } }))).not.to.include(user);
    }
  });

  it('masks every text of a body in strict, but not what an object is and is called', () => {
    const mask = lineMasker(packs, { ...standard, policy: 'strict' });
    const out = mask(
      event({
        verb: 'create',
        objectRef: { resource: 'pods' },
        requestObject: {
          kind: 'Pod',
          apiVersion: 'v1',
          metadata: { name: 'app-0', namespace: 'prod', labels: { team: 'ledger' } },
          spec: { replicas: 3, note: 'free text', host: true },
        },
      }),
    );
    for (const stays of ['"Pod"', '"v1"', '"app-0"', '"prod"', ':3', ':true', '"create"', '"pods"'])
      expect(out).to.include(stays);
    for (const gone of ['ledger', 'free text']) expect(out).not.to.include(gone);
  });

  it('refuses to enable a kind that nobody has and suggests one', () => {
    expect(() => applyPolicy(packs, { ...standard, enable: ['emial'] }))
      .to.throw(Fault, 'emial')
      .with.property('remedy')
      .that.includes('email');
    expect(kindsOf(packs)).to.include.members(['email', 'ip', 'private-key']);
  });

  it('takes rules that are off by default only where their kind is enabled', () => {
    const pack = loadPack({ file: 'p.yml', text: offByDefault });
    expect(applyPolicy([pack], standard).packs).to.deep.equal([]);
    for (const enable of ['all', 'badge']) {
      expect(applyPolicy([pack], { ...standard, enable: [enable] }).packs[0]!.rules.length).to.equal(1);
      expect(applyPolicy([pack], { ...standard, policy: 'secrets-only', enable: ['badge'] }).packs.length).to.equal(1);
    }
  });

  it('has a digest that changes with what is masked and with nothing else', () => {
    const digest = (options: object): string => applyPolicy(packs, { ...standard, ...options }).digest;
    expect(digest({}))
      .to.match(/^[0-9a-f]{32}$/)
      .and.equal(digest({}));
    expect(
      new Set([digest({}), digest({ policy: 'strict' }), digest({ policy: 'secrets-only' }), digest({ keepUsers: ['jane'] })])
        .size,
    ).to.equal(4);
    const moved = packs.map((pack) => ({ ...pack, file: 'elsewhere', rules: pack.rules.map((rule) => ({ ...rule, line: 1 })) }));
    expect(applyPolicy(moved, standard).digest).to.equal(digest({}));
  });
});

const offByDefault = `id: badges
summary: Numbers of badges.
rules:
  - { id: badge, kind: badge, category: personal, about: Badge numbers., enabled: false, pattern: { expression: 'badge-[0-9]{6}' } }
examples:
  - { name: a badge, rule: badge, text: badge-123456, enable: badge, gone: badge-123456 }
  - { name: no badge, rule: badge, text: badge-1, enable: badge, unchanged: true }
`;
