import { expect } from 'chai';
import fc from 'fast-check';
import { Secret } from '../../src/core/secret.ts';
import { openEnvelope, sealEnvelope } from '../../src/kafka/envelope.ts';

const key = new Secret(Buffer.alloc(32, 7));

describe('envelope', () => {
  it('opens with the key it was made with', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), fc.constantFrom('records', 'chunk'), (parts, kind) => {
        const opened = openEnvelope(sealEnvelope(kind as 'records', 'events', parts, key), 'events', key);
        expect('body' in opened && Buffer.from(opened.body)).to.deep.equal(Buffer.concat(parts));
        expect(opened).to.have.property('kind', kind);
      }),
    );
  });

  it('does not open where any bit differs, whatever comes before or after it', () => {
    const sealed = sealEnvelope('records', 'events', [Buffer.from('masked bytes')], key);
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openEnvelope(changed, 'events', key), `byte ${at}`).to.have.property('refused', at === 0 ? 'version' : 'mac');
    }
    expect(openEnvelope(Buffer.concat([sealed, Buffer.alloc(1)]), 'events', key)).to.have.property('refused', 'mac');
    expect(openEnvelope(sealed.subarray(1), 'events', key)).to.have.property('refused', 'mac');
  });

  it('does not open with another key, on another channel, or empty', () => {
    const sealed = sealEnvelope('records', 'events', [Buffer.from('x')], key);
    expect(openEnvelope(sealed, 'events', new Secret(Buffer.alloc(32, 8)))).to.have.property('refused', 'mac');
    expect(openEnvelope(sealed, 'matches', key)).to.have.property('refused', 'channel');
    expect(openEnvelope(null, 'events', key)).to.have.property('refused', 'empty');
    expect(openEnvelope(new Uint8Array(35), 'events', key)).to.have.property('refused', 'too-short');
  });

  it('takes any bytes without throwing, and none of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 30, maxLength: 200 }), (bytes) => {
        expect(openEnvelope(bytes, 'events', key)).to.have.property('refused');
      }),
    );
  });
});
