import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { SigningKey } from '../../src/crypto/signing-key.ts';
import { isCheckpointSigned, readCheckpoints, writeCheckpoint } from '../../src/proof/signed-note.ts';

const newKey = (): SigningKey => new SigningKey(generateKeyPairSync('ed25519').privateKey);

describe('proof/signed-note', () => {
  const [key, other] = [newKey(), newKey()];
  const checkpoint = { origin: 'auditveil/prod/events', size: 7, root: new Uint8Array(32).fill(5) };
  const note = writeCheckpoint(checkpoint, key);

  it('is written as text, an empty line and a signature with the name and a hash of the key', () => {
    const lines = note.split('\n');
    expect(lines.slice(0, 4)).to.deep.equal(['auditveil/prod/events', '7', Buffer.alloc(32, 5).toString('base64'), '']);
    expect(lines[4]).to.match(/^\u2014 auditveil\/prod\/events [A-Za-z0-9+/]{91}=$/u);
  });

  it('is read back, alone and after others, with the key that signed it', () => {
    const second = writeCheckpoint({ ...checkpoint, origin: 'auditveil/prod/findings' }, key);
    const read = readCheckpoints(`${note}\n${second}`) ?? [];
    expect(read).to.have.length(2);
    expect(read[1]).to.deep.include({ origin: 'auditveil/prod/findings', size: 7 });
    expect(read.map((one) => isCheckpointSigned(one, [other.publicPem, key.publicPem]))).to.deep.equal([true, true]);
  });

  it('is refused where anything in it was changed, or another key signed', () => {
    const isSigned = (text: string, by = key): boolean =>
      (readCheckpoints(text) ?? []).some((one) => isCheckpointSigned(one, [by.publicPem]));
    expect(isSigned(note)).to.equal(true);
    expect(isSigned(note, other)).to.equal(false);
    for (const text of [note.replace('\n7\n', '\n6\n'), note.replaceAll('prod', 'test'), note.replace('BQUF', 'BQUG')])
      expect(isSigned(text)).to.equal(false);
    for (const text of ['', 'x', note.replace('\u2014', '-'), note.slice(0, 60)])
      expect(readCheckpoints(text)).to.equal(undefined);
  });
});
