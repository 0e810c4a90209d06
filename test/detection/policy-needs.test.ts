import { expect } from 'chai';
import fc from 'fast-check';
import { parseAuditPolicy } from '../../src/detection/audit-policy.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { coverageOf } from '../../src/detection/policy-coverage.ts';
import { policyNeeds } from '../../src/detection/policy-needs.ts';
import type { RuleSet } from '../../src/detection/rule-set.ts';
import { PolicyView } from '../../src/detection/rule-view.ts';
import { writePolicy } from '../../src/detection/write-policy.ts';
import { shippedMapping, shippedRules } from '../../src/pipeline/load-files.ts';
import { load, ruleOf } from '../support/rules.ts';

const policyFor = (set: RuleSet, secretBodies = false): string => writePolicy(policyNeeds(set), { secretBodies });
const written = (detection: string, secretBodies = false): string =>
  policyFor(load(ruleOf(detection)), secretBodies).replaceAll(/\s+/g, ' ');

/** Names of rules that see nothing under the policy made for them. */
function blind(set: RuleSet, secretBodies = false): readonly string[] {
  const view = new PolicyView(set, parseAuditPolicy('p.yaml', policyFor(set, secretBodies)));
  return set.rules
    .filter(({ rule }) => coverageOf(rule, set.matcher.fields, view).state === 'blind')
    .map(({ rule }) => rule.info.name);
}

describe('detection/policy-needs', function () {
  // Ten seconds of a processor; a busy machine takes many times that.
  this.timeout(300_000);

  it('asks for the verbs, resources, level and stages of a rule, and for nothing else', () => {
    const exec =
      's: { verb: create, objectRef.resource: pods, objectRef.subresource: exec }\nf: { stage: [RequestReceived, ResponseStarted] }\ncondition: s and not f';
    expect(written(exec)).to.equal(
      'apiVersion: audit.k8s.io/v1 kind: Policy omitStages: [RequestReceived, ResponseStarted] omitManagedFields: true rules: - level: Metadata verbs: [create] resources: - group: "" resources: [pods/exec] - level: None ',
    );
    const started =
      's: { verb: create, objectRef.resource: pods, objectRef.subresource: exec, stage: ResponseStarted }\ncondition: s';
    expect(written(started)).to.include('omitStages: [RequestReceived] ');
  });

  it('asks for the body that a rule reads, and for that of an exception within a rule', () => {
    const plain =
      's: { verb: create, objectRef.resource: [pods, deployments], requestObject.spec.x: y }\nf: { objectRef.subresource|exists: true }\ncondition: s and not f';
    expect(written(plain)).to.match(
      /level: Request verbs: \[create\] resources: - group: "" resources: \[pods\] - group: apps resources: \[deployments\] - level: None/,
    );
    const except =
      's: { verb: create, objectRef.resource: roles }\nf: { requestObject.metadata.name: x }\ncondition: s and not f';
    expect(written(except)).to.match(/level: Request verbs: \[create\] resources: - group: rbac/);
    expect(written('s: { verb: list, objectRef.resource: pods, responseObject.items.x: y }\ncondition: s')).to.include(
      'level: RequestResponse',
    );
  });

  it('logs everything at least at Metadata for a rule about anything, but not heartbeats and probes', () => {
    const text = written('s: { responseStatus.code: 403 }\ncondition: s');
    expect(text)
      .to.match(/- level: Metadata $/)
      .and.to.include('[/healthz*, /livez*, /readyz*]')
      .and.to.include('resources: [leases]');
    const deletes = written('s: { verb: delete, responseStatus.code: 403, objectRef.resource|exists: true }\ncondition: s');
    expect(deletes).to.match(/- level: None nonResourceURLs: \["\*"\] - level: Metadata verbs: \[delete\] - level: None $/);
  });

  it('never logs the body of a secret or a token unless told to', () => {
    const secrets = 's: { verb: create, objectRef.resource: secrets, requestObject.type: x }\ncondition: s';
    expect(written(secrets)).to.match(/level: Metadata verbs: \[create\] resources: - group: "" resources: \[secrets\]/);
    expect(written(secrets, true)).to.include('level: Request');
  });

  it('leaves no rule of any profile blind but those that need the bodies of secrets', async () => {
    const [files, mapping] = [await shippedRules(), await shippedMapping()];
    for (const profile of ['default', 'paranoid', 'hunting'] as const) {
      const set = loadRules(files, { mapping, profile });
      expect(blind(set)).to.deep.equal(['Long-lived token secret created']);
      expect(policyFor(set)).to.match(/omitStages: \[RequestReceived\]/);
    }
    expect(blind(loadRules(files, { mapping, profile: 'hunting' }), true)).to.deep.equal([]);
  });

  it('leaves none blind of any few of them', async () => {
    const set = loadRules(await shippedRules(), { mapping: await shippedMapping(), profile: 'hunting' });
    const some = fc.uniqueArray(fc.integer({ min: 0, max: set.rules.length - 1 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(some, (numbers) => {
        const rules = numbers.flatMap((number) => set.rules[number] ?? []);
        expect(blind({ ...set, rules }, true), rules.map(({ rule }) => rule.info.name).join(', ')).to.deep.equal([]);
      }),
      { numRuns: 20 },
    );
  });
});
