import { expect } from 'chai';
import { policyIds } from '../../src/masking/policy.ts';
import { maskText } from '../../src/pipeline/mask-text.ts';
import { openEngine } from '../../src/pipeline/open-engine.ts';
import { auditEvent } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

describe('pipeline/mask-text', () => {
  it('masks what people paste into notes, and leaves their words', async () => {
    const { inspector } = await openEngine({ policy: 'standard', enable: [], keyRing: fixedKeyRing() });
    const secrets = [
      'AKIAZ7QW3ERT5YUI8OPA',
      'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
      'Sup3r-S3cret-Pa55',
      'alice.smith@example.com',
      '203.0.113.77',
    ];
    const [key, github, password, email, address] = secrets;
    const text = `Seen it; she used ${key} and ${github}.\npassword=${password}\nAsk ${email} about ${address}. "Quoted" \\ ok?`;
    const masked = await maskText(inspector, text);
    for (const secret of secrets) expect(masked).not.to.include(secret);
    expect(masked)
      .to.match(/^Seen it; she used \[MASKED:/)
      .and.to.include('"Quoted" \\ ok?');
    expect(await maskText(inspector, 'closed: known maintenance, see ticket 4711')).to.equal(
      'closed: known maintenance, see ticket 4711',
    );
  });

  for (const policy of policyIds)
    it(`masks users and names as events of the policy ${policy} have them`, async () => {
      const { inspector } = await openEngine({ policy, enable: [], keyRing: fixedKeyRing() });
      for (const user of ['alice', 'alice@example.com', 'system:serviceaccount:shop:web', `[MASKED:user:k1:${'0a'.repeat(8)}]`]) {
        const event = { ...(JSON.parse(auditEvent()) as object), user: { username: user } };
        const { bytes } = inspector.inspect(tileOfTexts([JSON.stringify(event)]));
        const [, seen] = /"username":"([^"]+)"/.exec(Buffer.from(bytes).toString('utf8')) ?? [];
        expect(await maskText(inspector, user, 'user')).to.equal(seen);
      }
      for (const name of ['kube-system', 'team-a', '6f9619ff-8b86-4011-b42d-00cf4fc964ff', 'rule_of.ours-7'])
        expect(await maskText(inspector, name, 'name')).to.equal(name);
      expect(await maskText(inspector, 'ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'name')).to.match(/^\[MASKED:/);
    });
});
