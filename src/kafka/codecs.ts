import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import kafkajs, { CompressionTypes } from 'kafkajs';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import type { Compression } from './kafka-client.ts';

interface Encoded {
  readonly buffer: Buffer;
}

type Codec = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

/** Node has it since 22.15; the types of Node 20 do not know it. */
const zstd = zlib as unknown as Partial<Record<'zstdCompress' | 'zstdDecompress', Parameters<typeof promisify>[0]>>;

const types: Readonly<Record<Compression, CompressionTypes>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  zstd: CompressionTypes.ZSTD,
};

/** A codec of the library's that never unpacks more than a batch may hold: whoever may write to a topic is not yet trusted. */
function bounded(compress: Codec, decompress: Codec) {
  const bound = { maxOutputLength: limits.kafkaBatchBytes };
  return () => ({
    compress: (encoder: Encoded) => compress(encoder.buffer, bound),
    decompress: (bytes: Buffer) => decompress(bytes, bound),
  });
}

/**
 * The library's name of a compression; its codecs are replaced by bounded ones of zlib.
 * @throws Fault E_KAFKA_COMPRESSION where this Node.js does not have it
 */
export function compressionType(compression: Compression): CompressionTypes {
  installCodecs();
  if (compression === 'zstd' && !zstd.zstdCompress)
    throw new Fault('this Node.js has no zstd', { code: 'E_KAFKA_COMPRESSION', remedy: 'Use Node.js 22.15 or newer, or gzip.' });
  return types[compression];
}

/** Before anything is read: a topic may hold what somebody else compressed. */
export function installCodecs(): void {
  kafkajs.CompressionCodecs[CompressionTypes.GZIP] = bounded(promisify(zlib.gzip) as Codec, promisify(zlib.unzip) as Codec);
  const { zstdCompress, zstdDecompress } = zstd;
  if (zstdCompress && zstdDecompress)
    kafkajs.CompressionCodecs[CompressionTypes.ZSTD] = bounded(
      promisify(zstdCompress) as Codec,
      promisify(zstdDecompress) as Codec,
    );
}
