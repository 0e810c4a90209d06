import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type AuditLevel, auditLevels, decidingRule, parseAuditPolicy } from '../../src/detection/audit-policy.ts';
import { kubernetesResources } from '../../src/detection/kubernetes-resources.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { type Coverage, coverageOf } from '../../src/detection/policy-coverage.ts';
import { groupsOf, isServed, missingAt } from '../../src/detection/request-space.ts';
import type { RuleSet } from '../../src/detection/rule-set.ts';
import { PolicyView } from '../../src/detection/rule-view.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';
import { shippedMapping, shippedRules } from '../../src/pipeline/load-files.ts';
import { load, ruleOf } from '../support/rules.ts';
import { root } from '../support/source-files.ts';

const policyOf = (rules: string) => parseAuditPolicy('p.yaml', `apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n${rules}`);

function coverage(detection: string, rules: string): Coverage {
  const set = load(ruleOf(detection));
  const [first] = set.rules;
  return coverageOf(first?.rule ?? expect.fail(), set.matcher.fields, new PolicyView(set, policyOf(rules)));
}

interface Shape {
  readonly stage?: string;
  readonly verb?: string;
  readonly requestURI?: string;
  readonly requestObject?: unknown;
  readonly user?: { readonly username?: string; readonly groups?: readonly string[] };
  readonly objectRef?: Readonly<Record<'resource' | 'subresource' | 'apiGroup' | 'namespace' | 'name', string | undefined>>;
}

/** What is left of an event under a policy; undefined where nothing is. */
function logged(event: unknown, policy: ReturnType<typeof policyOf>): unknown {
  const { stage, verb = '', requestURI = '', user, objectRef } = event as Shape;
  const { username } = user ?? {};
  const rule = decidingRule(policy, {
    verb,
    resource: objectRef?.resource,
    subresource: objectRef?.subresource ?? '',
    group: objectRef?.apiGroup ?? groupOf(objectRef?.resource),
    namespace: objectRef?.namespace ?? '',
    name: objectRef?.name ?? '',
    path: requestURI.split('?')[0] ?? '',
    caller: { username, groups: user?.groups ?? (username === undefined ? [] : groupsOf(username)) },
  });
  if (!rule || rule.level === 'None' || rule.omitStages.includes(stage ?? 'ResponseComplete')) return undefined;
  const missing: readonly string[] = missingAt[rule.level];
  return Object.fromEntries(Object.entries(event as object).filter(([member]) => !missing.includes(member)));
}

/** A finished request as the API server writes it: it has the command of an exec in its path, clouds have it in a body. */
const isOurs = ({ stage, verb = '', objectRef, requestObject }: Shape): boolean => {
  const { resource, subresource = '', apiGroup } = objectRef ?? {};
  const target = { verb, resource, subresource, group: apiGroup ?? groupOf(resource), path: '' };
  return stage !== 'RequestReceived' && isServed(target) && (subresource !== 'exec' || requestObject === undefined);
};
const groupOf = (name: string | undefined): string => kubernetesResources.find(({ resource }) => resource === name)?.group ?? '';

/** Rules whose examples say otherwise than the coverage. */
function contradictions(set: RuleSet, text: string): readonly string[] {
  const policy = policyOf(text);
  const view = new PolicyView(set, policy);
  return set.rules.flatMap(({ rule }, number) => {
    const { state, why, clausesNeed } = coverageOf(rule, set.matcher.fields, view);
    const all = state === 'sees' && why.length === 0 && clausesNeed === undefined;
    if (state !== 'blind' && !all) return [];
    const examples = rule.tests.filter(({ match, event }) => match && isOurs(event as Shape));
    const left = examples.map(({ event }) => logged(event, policy));
    const found = left.filter((event) => event !== undefined && matchEvent(set, event).rules.includes(number)).length;
    if (state === 'blind' && found > 0) return [`${rule.info.name}: blind, and ${found} examples are found`];
    return all && found < examples.length ? [`${rule.info.name}: sees all, and ${examples.length - found} are lost`] : [];
  });
}

const exec =
  's: { verb: create, objectRef.resource: pods, objectRef.subresource: exec }\nf: { stage: [RequestReceived, ResponseComplete] }\ncondition: s and not f';
const privileged =
  's: { verb: [create, update], objectRef.resource: [pods, deployments], requestObject.spec.x: true }\nf: { objectRef.subresource|exists: true }\ncondition: s and not f';

describe('detection/policy-coverage', function () {
  // Ten seconds of a processor; a busy machine takes many times that.
  this.timeout(300_000);

  it('tells a level that is too low from a stage left out and from what is not logged', () => {
    expect(coverage(privileged, '  - level: Metadata\n')).to.deep.include({ state: 'blind', requests: 4, hidden: 4 });
    const why = (detection: string, rules: string) =>
      coverage(detection, rules).why.map(({ reason, line, level, needs, stages }) => ({ reason, line, level, needs, stages }));
    expect(why(privileged, '  - level: Metadata\n')).to.deep.equal([
      { reason: 'body', line: 4, level: 'Metadata', needs: 'Request', stages: [] },
    ]);
    expect(why(exec, '  - { level: Metadata, omitStages: [ResponseStarted] }\n')).to.deep.equal([
      { reason: 'stage', line: 4, level: 'Metadata', needs: 'Metadata', stages: ['ResponseStarted'] },
    ]);
    expect(why(exec, '  - { level: Metadata, verbs: [get] }\n')).to.deep.equal([
      { reason: 'none', line: 0, level: 'None', needs: 'Metadata', stages: [] },
    ]);
  });

  it('names callers that are left out, and is blind where the rule is only about them', () => {
    const policy = '  - { level: None, userGroups: ["system:nodes"] }\n  - level: Metadata\n';
    const any = coverage('s: { verb: delete, objectRef.resource: pods }\ncondition: s', policy);
    expect(any.state).to.equal('sees');
    expect(any.why.map(({ only }) => only)).to.deep.equal([['system:nodes']]);
    const nodes = coverage(
      "s: { verb: delete, objectRef.resource: pods, user.username|startswith: 'system:node:' }\ncondition: s",
      policy,
    );
    expect(nodes.state).to.equal('blind');
    const others = coverage('s: { verb: delete, objectRef.resource: pods, user.username: bob }\ncondition: s', policy);
    expect(others).to.deep.include({ state: 'open' });
  });

  it('is blind where the one namespace it is about is left out, and not where another is', () => {
    const inSystem = 's: { verb: delete, objectRef.resource: pods, objectRef.namespace: kube-system }\ncondition: s';
    const policy = (name: string) => `  - { level: None, namespaces: [${name}] }\n  - level: Metadata\n`;
    expect(coverage(inSystem, policy('kube-system')).state).to.equal('blind');
    expect(coverage(inSystem, policy('shop'))).to.deep.include({ state: 'sees', why: [] });
  });

  it('sees what is asked of a path, and of callers that are not known', () => {
    const version = "s: { requestURI|startswith: '/version' }\nf: { objectRef.resource|exists: true }\ncondition: s and not f";
    expect(coverage(version, '  - { level: None, nonResourceURLs: ["/version"] }\n  - level: Metadata\n').state).to.equal(
      'blind',
    );
    const unauthorised = 's: { responseStatus.code: 401 }\ncondition: s';
    const omitted = coverage(unauthorised, '  - { level: Metadata, omitStages: [ResponseStarted] }\n');
    expect(omitted.state).to.equal('blind');
    expect(coverage(unauthorised, '  - { level: None, users: [x] }\n  - level: Metadata\n').state).to.equal('sees');
  });

  it('says which level clauses would need that never hold', () => {
    const either =
      'a: { verb: update, objectRef.resource: pods, userAgent: x }\nb: { verb: update, objectRef.resource: pods, responseObject.x: y }\ncondition: a or b';
    expect(coverage(either, '  - level: Request\n')).to.deep.include({ state: 'sees', clausesNeed: 'RequestResponse' });
    expect(coverage(either, '  - level: RequestResponse\n').clausesNeed).to.equal(undefined);
  });

  describe('of the shipped rules', () => {
    let set: RuleSet;
    before(async () => {
      set = loadRules(await shippedRules(), { mapping: await shippedMapping(), profile: 'hunting' });
    });

    it('agrees with their examples under the policy that is shipped', () => {
      const text = readFileSync(path.join(root, 'deploy/audit-policy.yaml'), 'utf8');
      expect(contradictions(set, text.slice(text.indexOf('rules:') + 7))).to.deep.equal([]);
    });

    it('agrees with their examples under any policy', () => {
      const level = fc.constantFrom<AuditLevel>(...auditLevels);
      const some = (...names: string[]) => fc.subarray(names, { maxLength: Math.min(3, names.length) });
      const rule = fc.record({
        level,
        verbs: some('get', 'list', 'watch', 'create', 'update', 'patch', 'delete'),
        omitStages: some('ResponseStarted', 'RequestReceived', 'ResponseComplete'),
        userGroups: some('system:nodes', 'system:serviceaccounts', 'system:masters'),
        users: some('system:anonymous', 'system:apiserver'),
        namespaces: some('kube-system', 'shop'),
        resources: fc.subarray(
          [
            { group: '', resources: ['pods', 'secrets', 'pods/exec'] },
            { group: '', resources: ['*/status', 'configmaps'] },
            { group: 'apps' },
            { group: 'rbac.authorization.k8s.io', resources: ['*'] },
          ],
          { maxLength: 2 },
        ),
      });
      const rules = fc.array(rule, { maxLength: 4 });
      fc.assert(
        fc.property(rules, level, (first, last) => {
          const text = [...first, { level: last }].map((one) => `  - ${JSON.stringify(one)}\n`).join('');
          expect(contradictions(set, text).join('\n')).to.equal('');
        }),
        { numRuns: Number(process.env['RUNS'] ?? 1) },
      );
    });
  });
});
