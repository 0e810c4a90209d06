import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { defaultTrustFile, pinKey, publicKeysIn, readPublicKeys } from '../../src/crypto/trusted-keys.ts';
import { newSigningKey } from '../support/sealed-log.ts';

describe('crypto/trusted-keys', () => {
  const [a, b] = [newSigningKey().publicPem, newSigningKey().publicPem];
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'auditveil-trust-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('keeps keys one after another, each once, with a line about it', async () => {
    const file = join(folder, 'state', 'trusted.pem');
    expect(await pinKey(file, a, 'from a colleague')).to.equal(true);
    expect(await pinKey(file, b, 'from another')).to.equal(true);
    expect(await pinKey(file, a, 'again')).to.equal(false);
    expect(await readPublicKeys(file)).to.deep.equal([a, b]);
    expect(readFileSync(file, 'utf8')).to.match(/^# [0-9a-f]{32} from a colleague\n/);
  });

  it('refuses files without a public key, and says so of a private one', async () => {
    const file = join(folder, 'x.pem');
    for (const text of ['', 'x', a.replace('MC', 'XX'), '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n']) {
      writeFileSync(file, text);
      const error = (await readPublicKeys(file).catch((cause: unknown) => cause)) as Error;
      expect(error).to.include({ code: 'E_KEY_PUBLIC' });
      expect(error.message.includes('private')).to.equal(text.includes('PRIVATE'));
    }
  });

  it('finds keys between other text, and its file where state is kept', () => {
    expect(publicKeysIn(`of prod:\n${a}\nand test:\n${b}`)).to.deep.equal([a, b]);
    expect(defaultTrustFile({}, '/h')).to.equal('/h/.local/state/auditveil/trusted-keys.pem');
    expect(defaultTrustFile({ XDG_STATE_HOME: '/s' })).to.equal('/s/auditveil/trusted-keys.pem');
  });
});
