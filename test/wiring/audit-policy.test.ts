import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parseAuditPolicy } from '../../src/detection/audit-policy.ts';
import { lintRules } from '../../src/detection/lint.ts';
import { loadRules } from '../../src/detection/load-rules.ts';
import { shippedMapping, shippedRules } from '../../src/pipeline/load-files.ts';
import { auditPolicyText } from '../../src/wiring/audit-policy.ts';
import { root } from '../support/source-files.ts';

describe('wiring/audit-policy', () => {
  it('is the policy in deploy/', () => {
    expect(readFileSync(path.join(root, 'deploy/audit-policy.yaml'), 'utf8')).to.equal(auditPolicyText);
  });

  it('logs what every shipped rule needs, but the bodies of secrets', async () => {
    const set = loadRules(await shippedRules(), { mapping: await shippedMapping(), profile: 'hunting', requireTests: true });
    const notes = lintRules(set, { policy: parseAuditPolicy('audit-policy.yaml', auditPolicyText) });
    const blind = notes.filter(({ code }) => code === 'not-logged').map(({ location }) => path.basename(location.file));
    expect(blind).to.deep.equal(['long-lived-token-secret.yml']);
  });

  it('never logs the body of a secret or of a token', () => {
    const { rules } = parseAuditPolicy('audit-policy.yaml', auditPolicyText);
    const bodies = rules.filter(({ level }) => level === 'Request' || level === 'RequestResponse');
    const named = bodies.flatMap(({ resources }) => resources.flatMap((item) => item.resources));
    expect(bodies.every(({ resources }) => resources.length > 0)).to.equal(true);
    expect(named).not.to.include.members(['secrets']);
    expect(rules.findIndex(({ resources }) => resources.some((item) => item.resources.includes('secrets')))).to.be.lessThan(
      rules.findIndex(({ level }) => level === 'Request'),
    );
  });
});
