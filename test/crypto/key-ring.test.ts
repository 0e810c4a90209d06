import { inspect } from 'node:util';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { formatKeyFile, parseKeyFile } from '../../src/crypto/key-ring.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i);
const text = formatKeyFile(key, '2026-01-02T03:04:05Z', 'prod');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('crypto/key-ring', () => {
  it('reads what it writes, as JSON and as YAML', () => {
    const ring = parseKeyFile(text, 'keys.json');
    expect(ring.list()).to.deep.equal([{ id: 'k1', created: '2026-01-02T03:04:05Z', status: 'active' }]);
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
    ['no active key', text.replace('active', 'retired'), 'E_KEY_ACTIVE'],
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
