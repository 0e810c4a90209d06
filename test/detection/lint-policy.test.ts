import { expect } from 'chai';
import { parseAuditPolicy } from '../../src/detection/audit-policy.ts';
import { lintRules } from '../../src/detection/lint.ts';
import { load, ruleOf } from '../support/rules.ts';

const policyOf = (rules: string) => parseAuditPolicy('p.yaml', `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}`);
const notes = (detection: string, rules: string) =>
  lintRules(load(ruleOf(detection)), { policy: policyOf(rules) }).filter(
    ({ code }) => /logged$/.test(code) && code !== 'body-never-logged',
  );
const codes = (detection: string, rules: string): readonly string[] => notes(detection, rules).map(({ code }) => code);

const exec = 's: { verb: create, objectRef.resource: pods, objectRef.subresource: exec, stage: ResponseStarted }\ncondition: s';
const privileged =
  's: { verb: [create, update], objectRef.resource: [pods, deployments], requestObject.spec.x: true }\nf: { objectRef.subresource|exists: true }\ncondition: s and not f';

describe('detection/lint-policy', () => {
  it('is content where everything that could match is logged far enough', () => {
    expect(codes(exec, '  - level: Metadata\n')).to.deep.equal([]);
    expect(codes(privileged, '  - level: Request\n')).to.deep.equal([]);
  });

  it('says when nothing that could match is logged', () => {
    expect(codes(exec, '  - { level: None, resources: [{ resources: ["pods/*"] }] }\n  - level: Metadata\n')).to.deep.equal([
      'not-logged',
    ]);
    expect(codes(exec, '  - { level: Metadata, verbs: [delete] }\n')).to.deep.equal(['not-logged']);
    expect(codes(privileged, '  - level: Metadata\n')).to.deep.equal(['not-logged']);
  });

  it('says when the stage that a rule asks for is left out', () => {
    expect(codes(exec, '  - { level: Metadata, omitStages: [ResponseStarted] }\n')).to.deep.equal(['not-logged']);
    expect(codes(exec, '  - { level: Metadata, omitStages: [RequestReceived] }\n')).to.deep.equal([]);
  });

  it('names requests that are hidden where others are logged, with the line that hides them', () => {
    const rules = '  - { level: Request, resources: [{ resources: [pods] }] }\n  - level: Metadata\n';
    const [note] = notes(privileged, rules);
    expect(note?.code).to.equal('partly-logged');
    expect(note?.message)
      .to.include('create deployments, update deployments')
      .and.to.include('line 5 logs the first at Metadata');
  });

  it('does not blame a rule of the policy that is only about some users, namespaces or names', () => {
    expect(codes(exec, '  - { level: None, users: ["system:kube-proxy"] }\n  - level: Metadata\n')).to.deep.equal([]);
    expect(codes(exec, '  - { level: None, namespaces: [shop] }\n  - level: Metadata\n')).to.deep.equal([]);
    expect(codes(privileged, '  - { level: Request, users: [x] }\n  - level: Metadata\n')).to.deep.equal([]);
  });

  it('asks for a body only where no clause does without', () => {
    expect(
      codes(
        'a: { requestURI|contains: x, verb: get }\nb: { requestObject.command: x, verb: get }\ncondition: a or b',
        '  - level: Metadata\n',
      ),
    ).to.deep.equal([]);
    expect(codes('s: { verb: list, responseObject.items.x: y }\ncondition: s', '  - level: Request\n')).to.deep.equal([
      'not-logged',
    ]);
  });
});
