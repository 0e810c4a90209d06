import { expect } from 'chai';
import { maskText } from '../../src/pipeline/mask-text.ts';
import { openEngine } from '../../src/pipeline/open-engine.ts';
import { fixedKeyRing } from './support.ts';

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
});
