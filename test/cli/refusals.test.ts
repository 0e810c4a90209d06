import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { refusalText } from '../../src/cli/refusals.ts';
import { root } from '../support/source-files.ts';

describe('cli/refusals', () => {
  it('has words for every reason for which a client is refused', () => {
    const text = readFileSync(path.join(root, 'src/sources/webhook/client-identity.ts'), 'utf8');
    const reasons = [...text.matchAll(/'((?:certificate|token|name)-[a-z-]+)'/g)].map(([, reason]) => reason ?? '');
    expect(reasons.length).to.be.greaterThan(6);
    expect(reasons.filter((reason) => refusalText(reason).remedy === 'docs/webhook.md')).to.deep.equal([]);
  });

  it('says an unknown reason as it is', () => {
    expect(refusalText('some-thing')).to.deep.equal({ what: 'some thing', remedy: 'docs/webhook.md' });
  });
});
