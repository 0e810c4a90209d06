import type { S3SinkConfig } from '../../config/sinks/s3.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import { recordLines } from '../shared/record-line.ts';
import { encodeLines } from './encode-lines.ts';
import { encodeParquet } from './encode-parquet.ts';
import { HttpSender } from './http-sender.ts';
import { readCredentials } from './s3-credentials.ts';
import type { SendRequest } from './s3-requests.ts';
import { S3Sink, type S3SinkOptions } from './s3-sink.ts';
import { assumeRole } from './web-identity.ts';

/** @param send for tests; absent: over HTTP */
export function makeS3Sink(config: S3SinkConfig, context: SinkContext, send?: SendRequest): S3Sink {
  const { bucket, region, content, format, objects, prefix, name } = config;
  const http = new HttpSender(config, () => context.clock.nowMs());
  const sender = send ?? http.send;
  const isParquet = objects === 'parquet';
  const product = `${context.product.name} version ${context.product.version}`;
  const options: S3SinkOptions = {
    ...{ bucket, region, content, prefix, sink: name, cluster: context.cluster },
    endpoint: config.endpoint ?? `https://s3.${region}.amazonaws.com`,
    addressing: config.addressing ?? (config.endpoint === undefined ? 'virtualHosted' : 'path'),
    storageClass: config.storageClass,
    encryption: config.encryption,
    checksum: config.checksum,
    partBytes: config.partBytes,
    clock: context.clock,
    send: sender,
    extension: isParquet ? 'parquet' : 'jsonl.gz',
    mediaType: isParquet ? 'application/vnd.apache.parquet' : 'application/gzip',
    needsRows: isParquet,
    encode: isParquet ? (lines) => Promise.resolve(encodeParquet(lines, product)) : encodeLines,
    line: recordLines(format, context.product),
    credentials: () => readCredentials(config, process.env, (request) => assumeRole(request, region, sender, context.signal)),
    close: () => http.close(),
  };
  return new S3Sink(options);
}
