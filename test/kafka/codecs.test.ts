import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import kafkajs, { CompressionTypes } from 'kafkajs';
import { limits } from '../../src/core/limits.ts';
import { compressionType, installCodecs } from '../../src/kafka/codecs.ts';

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

const codecOf = (type: CompressionTypes): Codec =>
  (kafkajs.CompressionCodecs as Readonly<Record<number, () => Codec>>)[type]?.() as Codec;

describe('codecs', () => {
  before(installCodecs);

  it('packs and unpacks', async () => {
    const codec = codecOf(compressionType('gzip'));
    const packed = await codec.compress({ buffer: Buffer.from('x'.repeat(1_000)) });
    expect(packed.length).to.be.lessThan(100);
    expect(String(await codec.decompress(packed))).to.equal('x'.repeat(1_000));
  });

  it('unpacks no more than a batch may hold', async () => {
    const bomb = gzipSync(Buffer.alloc(limits.kafkaBatchBytes + 1));
    let code: unknown;
    await codecOf(CompressionTypes.GZIP)
      .decompress(bomb)
      .catch((error: unknown) => {
        code = (error as { readonly code?: unknown }).code;
      });
    expect(code).to.equal('ERR_BUFFER_TOO_LARGE');
  });

  it('has zstd where Node.js has it, and says so where not', () => {
    let code = '';
    try {
      code = String(compressionType('zstd'));
    } catch (error) {
      code = (error as { readonly code: string }).code;
    }
    expect(code).to.be.oneOf([String(CompressionTypes.ZSTD), 'E_KAFKA_COMPRESSION']);
  });
});
