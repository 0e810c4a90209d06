import { inspect } from 'node:util';
import { expect } from 'chai';
import { z } from 'zod';
import { absoluteFiles } from '../../../src/config/absolute-files.ts';
import { commonOptions } from '../../../src/config/sinks/common-options.ts';
import { secretOptions } from '../../../src/config/sinks/secret-option.ts';
import { tlsOptions } from '../../../src/config/sinks/tls-options.ts';

const batch = { records: 500, bytes: 1_000_000, waitMs: 1_000 };
const storage = z.strictObject({
  ...commonOptions({ type: 'shelf', about: 'A shelf.', purpose: 'storage', contents: ['events', 'findings'], batch }),
  ...secretOptions('token', 'Bearer token'),
  tls: tlsOptions.optional(),
});
const notification = z.strictObject({
  ...commonOptions({ type: 'bell', about: 'A bell.', purpose: 'notification', contents: ['findings'], batch }),
});

describe('config/sinks/common-options', () => {
  it('waits for storage, and does not ring a bell for what is a day old', () => {
    expect(storage.parse({ type: 'shelf' })).to.deep.equal({
      ...{
        type: 'shelf',
        name: 'shelf',
        content: 'events',
        minSeverity: 'informational',
        heedSilences: false,
        whenBehind: 'hold',
      },
      batch,
    });
    const bell = notification.parse({ type: 'bell', batch: { records: 1 } });
    expect(bell).to.include({ content: 'findings', heedSilences: true, whenBehind: 'skip', skipAfterMs: 86_400_000 });
    expect(bell.batch).to.deep.equal({ ...batch, records: 1 });
    expect(notification.safeParse({ type: 'bell', content: 'events' }).success).to.equal(false);
  });

  it('takes a secret by value or by file, and never prints it', () => {
    const { token, tokenFile } = storage.parse({ type: 'shelf', token: 'PLANTED', tokenFile: 'token.txt' });
    expect(inspect(token) + JSON.stringify(token)).not.to.contain('PLANTED');
    expect(Buffer.from(token?.reveal() ?? []).toString()).to.equal('PLANTED');
    expect(tokenFile).to.equal('token.txt');
  });

  it('makes paths of files absolute, at any depth, and leaves secrets and everything else alone', () => {
    const tls = { caFile: 'ca.pem', allowUnverified: false };
    const options = storage.parse({ type: 'shelf', token: 't', tokenFile: '/abs/token', tls });
    const made = absoluteFiles(storage, options, (path) => (path.startsWith('/') ? path : `/etc/${path}`));
    expect(made.tls).to.deep.equal({ ...tls, caFile: '/etc/ca.pem' });
    expect(made.tokenFile).to.equal('/abs/token');
    expect(made.token).to.equal(options.token);
  });

  it('wants a client certificate whole', () => {
    expect(tlsOptions.safeParse({ certFile: 'a.pem' }).success).to.equal(false);
    expect(tlsOptions.safeParse({ certFile: 'a.pem', keyFile: 'a.key' }).success).to.equal(true);
  });
});
