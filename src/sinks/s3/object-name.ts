import { findingIn } from '../../core/finding-in.ts';
import { formatTime } from '../../core/format-time.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { sha256Hex } from '../../crypto/sha256.ts';

/** Words that may stand in braces in a prefix. */
export const prefixWords = ['cluster', 'content', 'sink', 'date', 'year', 'month', 'day', 'hour'] as const;
type PrefixWord = (typeof prefixWords)[number];

export interface NameOptions {
  /** Of the sink: two sinks never write the same name. */
  readonly sink: string;
  readonly content: 'events' | 'findings';
  /** Of records that name none. */
  readonly cluster: string;
  /** For example `auditveil/{cluster}/date={date}/hour={hour}`; no slash at either end. */
  readonly prefix: string;
  /** `jsonl.gz` or `parquet`. */
  readonly extension: string;
}

/** ISO 8601 in UTC with microseconds, of letters that need no escaping in a name: `20260504T101500.000001Z`. */
export function compactTime(us: number): string {
  return formatTime(us).replace(/[-:]/g, '');
}

/** What a name of a cluster may not bring into the name of an object: a slash would make a folder of it. */
const safe = (text: string): string => (text === '' ? '_' : text.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_'));

/** Records of findings have no context: the finding says where it belongs. */
const clusterOf = (record: MaskedRecord): string | undefined =>
  record.type === recordTypes.finding ? findingIn(record).cluster : record.context?.cluster;

/** Where a record belongs. By the time it was received, which is the order of the log: by event time, late ones would make many small objects. */
export function prefixOf(record: MaskedRecord, { prefix, sink, content, cluster }: NameOptions): string {
  const time = new Date(record.receivedAtUs / 1000).toISOString();
  const words: Readonly<Record<PrefixWord, string>> = {
    cluster: safe(clusterOf(record) || cluster),
    content,
    sink: safe(sink),
    date: time.slice(0, 10),
    year: time.slice(0, 4),
    month: time.slice(5, 7),
    day: time.slice(8, 10),
    hour: time.slice(11, 13),
  };
  return prefix.replace(/\{(\w+)\}/g, (whole, word: string) => (Object.hasOwn(words, word) ? words[word as PrefixWord] : whole));
}

/**
 * The name of the object that begins with this record, the same whenever it is written: time received and digest of the record,
 * and the sink. It does not name where the object ends: what comes again after a crash may be cut elsewhere, and must find what
 * is there already.
 * @param variant for an object that begins with the same record and holds something else
 */
export function objectName(first: MaskedRecord, options: NameOptions, variant = ''): string {
  const prefix = prefixOf(first, options);
  const own = `${compactTime(first.receivedAtUs)}-${safe(options.sink)}-${first.digest}${variant === '' ? '' : `-${variant}`}`;
  return `${prefix === '' ? '' : `${prefix}/`}${own}.${options.extension}`;
}

/** What an object says of its content, in its metadata: which records it holds. */
export interface ObjectContent {
  readonly records: number;
  /** SHA-256 over the digests of its records, 64 hex digits. */
  readonly digest: string;
}

export function contentOf(records: readonly MaskedRecord[]): ObjectContent {
  return { records: records.length, digest: sha256Hex(...records.map(({ digest }) => digest)) };
}

/** How many of these records, from the first on, an object holds; undefined where it holds others. */
export function heldBy(stored: ObjectContent, records: readonly MaskedRecord[]): number | undefined {
  if (!(stored.records >= 1 && stored.records <= records.length)) return undefined;
  return contentOf(records.slice(0, stored.records)).digest === stored.digest ? stored.records : undefined;
}
