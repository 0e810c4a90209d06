import type { FindingFormat } from '../../core/finding.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { Product } from '../../core/product.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { createFormatter } from '../../findings/create-formatter.ts';

/** One record as a line of JSON without its end: an event as it stands in the log, a finding in the format asked for. */
export function recordLines(format: FindingFormat, product: Product): (record: MaskedRecord) => Uint8Array {
  if (format === 'native') return ({ payload }) => payload;
  const write = createFormatter(format, product);
  return (record) => (record.type === recordTypes.finding ? Buffer.from(write(findingIn(record))) : record.payload);
}

/** Lines of JSON as one body: an array, or one a line with an end each. */
export function joinLines(lines: readonly Uint8Array[], layout: 'array' | 'lines'): Buffer {
  const separator = Buffer.from(layout === 'array' ? ',' : '\n');
  const parts = lines.flatMap((line, i) => (i === 0 ? [line] : [separator, line]));
  if (layout === 'array') return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')]);
  return Buffer.concat([...parts, Buffer.from(lines.length === 0 ? '' : '\n')]);
}
