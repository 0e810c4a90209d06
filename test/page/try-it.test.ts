import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { limits } from '../../src/core/limits.ts';
import { Secret } from '../../src/core/secret.ts';
import { KeyRing } from '../../src/crypto/key-ring.ts';
import { makeRecording } from '../../src/demo/recording.ts';
import { applyPolicy } from '../../src/masking/policy.ts';
import { openEngine } from '../../src/pipeline/open-engine.ts';
import { openPacks } from '../../src/pipeline/open-packs.ts';
import { traceEngine } from '../../src/pipeline/trace-engine.ts';
import type { Answer, Asked } from '../../web/try-it/messages.ts';
import { Aes128 } from '../../web/try-it/shims/aes-128.ts';
import { BrowserBuffer } from '../../web/try-it/shims/browser-buffer.ts';
import { decodeText, type Encoding, encodeText } from '../../web/try-it/shims/byte-text.ts';
import * as browserCrypto from '../../web/try-it/shims/node-crypto.ts';
import { gunzipSync } from '../../web/try-it/shims/node-zlib.ts';
import { root } from '../support/source-files.ts';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 1);
const web = path.join(root, path.relative(root, path.resolve(import.meta.dirname, '../../web')));
const bytes = fc.uint8Array({ maxLength: 300 });

/** The worker as the build made it, in a world that has nothing of Node.js. */
class Worker {
  readonly #scope: { onmessage?: (event: { readonly data: Asked }) => void } & Record<string, unknown>;
  #answered: (answer: Answer) => void = () => {};

  constructor() {
    const fetchFile = (name: string): Promise<unknown> => {
      const file = readFileSync(path.join(web, name));
      const whole = file.buffer.slice(file.byteOffset, file.byteOffset + file.length);
      return Promise.resolve({
        ok: true,
        json: async () => JSON.parse(file.toString()) as unknown,
        arrayBuffer: async () => whole,
      });
    };
    this.#scope = {
      ...{ fetch: fetchFile, TextEncoder, TextDecoder, performance, crypto, btoa, URLSearchParams, URL },
      postMessage: (answer: Answer) => this.#answered(answer),
    };
    vm.runInNewContext(readFileSync(path.join(web, 'try-it.js'), 'utf8'), this.#scope);
  }

  ask(data: Asked): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#scope.onmessage?.({ data });
    });
  }
}

/** Masks with Node.js under the same key. */
async function nodeMasker(): Promise<(text: string) => string> {
  const epoch = { id: 'k1', created: '', from: '1970-01-01T00:00:00Z', key: new Secret(key), fingerprint: '', holds: [] };
  const keyRing = new KeyRing('browser', [epoch], new Map());
  const { plan } = await openEngine({ policy: 'standard', enable: [], keyRing });
  const tracer = traceEngine({ plan }, keyRing);
  return (text) => {
    const length = Buffer.byteLength(text);
    const padded = new Uint8Array(length + limits.tilePaddingBytes);
    padded.set(Buffer.from(text));
    return Buffer.from(tracer.trace(padded, 0, length).masked).toString();
  };
}

describe('try it', () => {
  it('masks in the browser what the agent masks, byte for byte, without Node.js', async () => {
    const worker = new Worker();
    expect(await worker.ask({ key })).to.deep.equal({ ready: true });
    const mask = await nodeMasker();
    const lines = makeRecording(Date.UTC(2026, 4, 4, 9))
      .events.filter((_, i) => i % 3 === 0)
      .map(({ line }) => line);
    const answer = await worker.ask({ text: lines.join('\n') });
    if (!('documents' in answer)) throw new Error(JSON.stringify(answer));
    expect(answer.documents.map(({ masked }) => masked)).to.deep.equal(lines.map(mask));
    const masks = answer.documents.flatMap((document) => document.masks);
    expect(masks.length).to.be.greaterThan(60);
    expect(masks.filter(({ about, kind }) => about === '' || kind === '')).to.deep.equal([]);
  }).timeout(60_000);

  it('has the packs that the policy uses', async () => {
    const { packs } = JSON.parse(readFileSync(path.join(web, 'try-packs.json'), 'utf8')) as {
      packs: readonly { readonly id: string }[];
    };
    const { packs: loaded } = await openPacks([]);
    const policy = applyPolicy(loaded, { policy: 'standard', enable: [], keepUsers: [] });
    expect(policy.packs.map(({ id }) => id).filter((id) => !packs.some((pack) => pack.id === id))).to.deep.equal([]);
  });

  it('says what is no JSON and what stays a stub', async () => {
    const worker = new Worker();
    await worker.ask({ key });
    const answer = await worker.ask({ text: '{"kind":"Event","requestObject":{"a":"\\ud800' });
    if (!('documents' in answer)) throw new Error(JSON.stringify(answer));
    expect(answer.documents[0]).to.include({ masked: '' });
    expect(answer.documents[0]?.stub).to.be.a('string');
  });
});

describe('stand-ins for Node.js in the browser', () => {
  const encodings: readonly Encoding[] = ['utf8', 'latin1', 'hex', 'base64', 'base64url', 'utf16le'];
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.base64String(), fc.stringMatching(/^[0-9a-fA-F]*$/));

  it('encode and decode texts as Buffer does', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...encodings), (text, encoding) => {
        expect([...encodeText(text, encoding)]).to.deep.equal([...Buffer.from(text, encoding)]);
      }),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(...encodings), (data, encoding) => {
        expect(decodeText(data, encoding)).to.equal(Buffer.from(data).toString(encoding));
      }),
    );
  });

  it('find bytes as Buffer does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b') }),
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 }),
        fc.nat(10),
        (text, wanted, from) => {
          expect(BrowserBuffer.from(text).indexOf(wanted, from, 'latin1')).to.equal(
            Buffer.from(text).indexOf(wanted, from, 'latin1'),
          );
        },
      ),
    );
  });

  it('hash, derive keys and encrypt as node:crypto does', () => {
    fc.assert(
      fc.property(bytes, fc.uint8Array({ minLength: 16, maxLength: 16 }), (data, secret) => {
        for (const name of ['sha256', 'md5'] as const) {
          expect(browserCrypto.createHash(name).update(data).digest('hex')).to.equal(createHash(name).update(data).digest('hex'));
          expect(browserCrypto.createHmac(name, secret).update(data).digest('hex')).to.equal(
            createHmac(name, secret).update(data).digest('hex'),
          );
        }
        expect(new Uint8Array(browserCrypto.hkdfSync('sha256', secret, 'salt', data, 32))).to.deep.equal(
          new Uint8Array(hkdfSync('sha256', secret, 'salt', data, 32)),
        );
        const blocks = new Uint8Array(Math.floor(data.length / 16) * 16).map((_, i) => data[i] ?? 0);
        const cipher = createCipheriv('aes-128-ecb', secret, null).setAutoPadding(false);
        expect([...new Aes128(secret).encrypt(blocks)]).to.deep.equal([...cipher.update(blocks)]);
      }),
      { numRuns: 50 },
    );
  });

  it('unpack gzip up to a size, and refuse what is none', () => {
    const packed = gzipSync(Buffer.alloc(100_000, 'a'));
    expect(gunzipSync(packed, { maxOutputLength: 100_000 }).length).to.equal(100_000);
    expect(() => gunzipSync(packed, { maxOutputLength: 99_999 }))
      .to.throw()
      .with.property('code', 'ERR_BUFFER_TOO_LARGE');
    expect(() => gunzipSync(Buffer.from('no gzip at all'), { maxOutputLength: 100 })).to.throw();
  });
});
