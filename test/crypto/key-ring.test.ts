import { inspect } from 'node:util';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { formatKeyFile, formatKeyRing, parseKeyFile } from '../../src/crypto/key-ring.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const text = formatKeyFile(key, '2026-01-02T03:04:05Z', 'prod');
const first = Buffer.from(key).toString('base64');
const firstVersion = (status: string): string =>
  JSON.stringify({ version: 1, clusterGroup: 'prod', keys: [{ id: 'k1', created: 'x', key: first, status }] });
/** A second epoch that begins at a time, with a key `shift` bytes away from the first. */
function twoEpochs(from: string, shift: number): string {
  const file = JSON.parse(text) as { keys: object[] };
  const second = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => i + shift)).toString('base64');
  file.keys.push({ id: 'k2', created: from, from, key: second });
  return JSON.stringify(file);
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('crypto/key-ring', () => {
  it('reads what it writes, as JSON and as YAML', () => {
    const ring = parseKeyFile(text, 'keys.json');
    const created = '2026-01-02T03:04:05Z';
    expect(ring.list(0)).to.deep.equal([
      { id: 'k1', created, from: created, status: 'active', fingerprint: '39e55b5695cf3fb8', holds: [] },
    ]);
    const yaml = `version: 1\nclusterGroup: prod\nkeys:\n  - { id: k1, created: x, status: active, key: ${Buffer.from(key).toString('base64')} }\n`;
    expect(hex(parseKeyFile(yaml, 'keys.yml').derive('digest').reveal())).to.equal(hex(ring.derive('digest').reveal()));
  });

  it('derives a different key for every purpose and cluster group, the same one every time', () => {
    const ring = parseKeyFile(text, 'keys.json');
    const other = parseKeyFile(formatKeyFile(key, '2026-01-02T03:04:05Z', 'test'), 'keys.json');
    const derived = ['mask:email', 'mask:user', 'address', 'digest', 'state'].flatMap((purpose) => [
      hex(ring.derive(purpose).reveal()),
      hex(other.derive(purpose).reveal()),
    ]);
    expect(new Set(derived).size).to.equal(10);
    expect(hex(ring.derive('address').reveal())).to.equal(derived[4]);
    expect(ring.derive('digest', 16).reveal().length).to.equal(16);
  });

  it('reads version 1, where all keys came from the active one, with the same results', () => {
    const old = parseKeyFile(firstVersion('active'), 'keys.json');
    const ring = parseKeyFile(text, 'keys.json');
    for (const purpose of ['digest', 'state', 'finding', 'address', 'mask:user'])
      expect(hex(old.derive(purpose).reveal()), purpose).to.equal(hex(ring.derive(purpose).reveal()));
    expect(old.isContinuedBy(ring)).to.equal(true);
  });

  it('changes keys for pseudonyms with the epoch in force, and no others', () => {
    const ring = parseKeyFile(twoEpochs('2026-02-02T00:00:00Z', 9), 'keys.json');
    const [before, after] = [ring.at(Date.parse('2026-02-01T23:59:59Z')), ring.at(Date.parse('2026-02-02T00:00:00Z'))];
    expect([before.keyId, after.keyId, ring.keyId]).to.deep.equal(['k1', 'k2', 'k2']);
    const differ = ['digest', 'state', 'finding', 'address', 'mask:user'].map(
      (purpose) => hex(before.derive(purpose).reveal()) !== hex(after.derive(purpose).reveal()),
    );
    expect(differ).to.deep.equal([false, false, false, true, true]);
    expect(hex(ring.of('k1').derive('address').reveal())).to.equal(hex(before.derive('address').reveal()));
    expect(ring.nextChangeMs(0)).to.equal(Date.parse('2026-01-02T03:04:05Z'));
    expect(ring.nextChangeMs(Date.parse('2026-02-02T00:00:00Z'))).to.equal(undefined);
    expect(ring.at(0).keyId, 'a clock that is far behind').to.equal('k1');
    expect(() => ring.of('k9')).to.throw(/no epoch/);
  });

  it('writes what it reads', () => {
    const ring = parseKeyFile(twoEpochs('2026-02-02T00:00:00Z', 9), 'keys.json');
    expect(formatKeyRing(parseKeyFile(formatKeyRing(ring), 'again'))).to.equal(formatKeyRing(ring));
    expect(ring.isContinuedBy(parseKeyFile(text.replace('"prod"', '"test"'), 'other'))).to.equal(false);
  });

  it('derives by HKDF-SHA-256 with the cluster group in the salt and the purpose as info', () => {
    // Checked with an independent implementation: HKDF(ikm = 00…1f, salt = "auditveil/1/prod", info = "address").
    expect(hex(parseKeyFile(text, 'keys.json').derive('address').reveal())).to.equal(
      '5523c7d044734fa717054947cf975f20d66c62d6f7d757b811a8cad5d182f6d7',
    );
  });

  for (const [what, broken, code] of [
    ['a short key', text.replace(/"key": "[^"]+"/, '"key": "AAAA"'), 'E_KEY_SHORT'],
    ['no keys', text.replace(/"keys": \[[^\]]*\]/, '"keys": []'), 'E_KEY_FILE'],
    ['an unknown field', text.replace('"version"', '"extra": 1, "version"'), 'E_KEY_FILE'],
    ['a lasting key that is short', text.replace(/"state": "[^"]+"/, '"state": "AAAA"'), 'E_KEY_SHORT'],
    ['a missing lasting key', text.replace(/"state": "[^"]+",/, ''), 'E_KEY_FILE'],
    ['a beginning that is no time', text.replace(/"from": "[^"]+"/, '"from": "soon"'), 'E_KEY_FILE'],
    ['no active key in a file of version 1', firstVersion('retired'), 'E_KEY_ACTIVE'],
    [
      'an epoch with a key that is said to be destroyed',
      text.replace('"from"', '"destroyed": "2026-01-02T03:04:05Z", "fingerprint": "0123456789abcdef", "from"'),
      'E_KEY_FILE',
    ],
    ['epochs out of order', twoEpochs('2026-01-02T03:04:05Z', 9), 'E_KEY_FILE'],
    ['one key in two epochs', twoEpochs('2026-02-02T03:04:05Z', 0), 'E_KEY_FILE'],
    ['text that is not YAML', '{', 'E_KEY_FILE'],
  ] as const) {
    it(`refuses ${what} without quoting the file`, () => {
      let fault: unknown;
      try {
        parseKeyFile(broken, 'keys.json');
      } catch (error) {
        fault = error;
      }
      expect(fault).to.be.instanceOf(Fault).with.property('code', code);
      expect(inspect(fault)).not.to.include(Buffer.from(key).toString('base64').slice(0, 12));
    });
  }

  it('never prints its keys', () => {
    const ring = parseKeyFile(text, 'keys.json');
    const secret = Buffer.from(key).toString('base64').slice(0, 10);
    const derived = ring.derive('digest');
    for (const shown of [
      inspect(ring, { depth: 9, showHidden: true }),
      JSON.stringify(ring),
      `${derived}`,
      inspect(derived),
      JSON.stringify({ derived }),
    ]) {
      expect(shown).not.to.include(secret);
      expect(shown).not.to.include(Buffer.from(derived.reveal()).toString('base64').slice(0, 10));
    }
    expect(`${derived} ${JSON.stringify(derived)}`).to.equal('[secret] "[secret]"');
  });
});
