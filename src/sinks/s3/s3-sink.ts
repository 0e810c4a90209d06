import { delivered, errored, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault, retryable } from '../../core/faults.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { type Refused, sendSplit } from '../send-split.ts';
import { eventRow } from '../shared/event-row.ts';
import { findingRow } from '../shared/finding-row.ts';
import type { ObjectLine } from './object-line.ts';
import { contentOf, heldBy, type NameOptions, objectName, prefixOf } from './object-name.ts';
import { type BucketOptions, S3Bucket, type Stored } from './s3-bucket.ts';
import type { S3Credentials } from './s3-requests.ts';
import { renewBeforeMs } from './web-identity.ts';

export interface S3SinkOptions extends BucketOptions, NameOptions {
  /** Media type of an object. */
  readonly mediaType: string;
  readonly encode: (lines: readonly ObjectLine[]) => Promise<Uint8Array>;
  /** Whether `encode` reads rows: they cost a parse each. */
  readonly needsRows: boolean;
  /** A record as JSON, from `recordLines`. */
  readonly line: (record: MaskedRecord) => Uint8Array;
  /** Read at `open`, and again after the server refused the last ones. */
  readonly credentials: () => Promise<S3Credentials>;
  readonly close?: () => Promise<void>;
}

/**
 * One object for each batch and prefix, delivered once the server has stored it.
 *
 * Repeats: the name of an object follows from its first record, and its metadata say which records it holds. Where an object of the
 * name is there already (after a crash, or an answer that was lost), what it holds counts as delivered and only the rest is
 * written. What is there and holds other records is left alone, and a second name is taken.
 */
export class S3Sink implements Sink {
  readonly #options: S3SinkOptions;
  readonly #bucket: S3Bucket;
  #credentials: S3Credentials | undefined;
  /** Something may be there that this process does not know of. */
  #isUncertain = true;

  constructor(options: S3SinkOptions) {
    this.#options = options;
    this.#bucket = new S3Bucket(options, () => this.#known());
  }

  async open(): Promise<void> {
    this.#credentials = await this.#options.credentials();
    this.#isUncertain = true;
  }

  async check(signal: AbortSignal): Promise<void> {
    this.#credentials = await this.#options.credentials();
    await this.#bucket.check('auditveil-check', signal);
  }

  async write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    const fault = await this.#readCredentials();
    if (fault) return batch.records.map(() => errored(fault));
    const outcomes = new Map<MaskedRecord, Outcome>();
    for (const records of this.#byPrefix(batch.records)) {
      const sent = await sendSplit(records, (part) => this.#store(part, signal), signal);
      records.forEach((record, i) => outcomes.set(record, sent[i]!));
    }
    const all = batch.records.map((record) => outcomes.get(record) ?? delivered);
    this.#isUncertain = all.some(({ status }) => status === 'errored');
    return all;
  }

  async close(): Promise<void> {
    await this.#options.close?.();
  }

  /** Why there are none. */
  async #readCredentials(): Promise<Fault | undefined> {
    const { expiresAtMs = Number.POSITIVE_INFINITY } = this.#credentials ?? {};
    if (this.#credentials && expiresAtMs - renewBeforeMs > this.#options.clock.nowMs()) return undefined;
    try {
      this.#credentials = await this.#options.credentials();
      return undefined;
    } catch (error) {
      if (error instanceof Fault) return retryable(error);
      throw error;
    }
  }

  #byPrefix(records: readonly MaskedRecord[]): readonly (readonly MaskedRecord[])[] {
    const groups = new Map<string, MaskedRecord[]>();
    for (const record of records) {
      const prefix = prefixOf(record, this.#options);
      const group = groups.get(prefix);
      if (group) group.push(record);
      else groups.set(prefix, [record]);
    }
    return [...groups.values()];
  }

  /** Stores these records as one object, or what is not there of them. */
  async #store(records: readonly MaskedRecord[], signal: AbortSignal): Promise<readonly Outcome[] | Refused> {
    try {
      const key = objectName(records[0]!, this.#options);
      if (this.#isUncertain) {
        const known = await this.#afterFound(key, records, signal);
        if (known) return known;
      }
      const stored = await this.#put(key, records, signal);
      if (stored.kind !== 'there') return this.#outcomes(stored, records);
      return (await this.#afterFound(key, records, signal)) ?? (await this.#storeBeside(records, signal));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return records.map(() => errored(error));
    }
  }

  /** Outcomes where an object of this name holds the first of these records; the rest is stored as an object of its own. */
  async #afterFound(
    key: string,
    records: readonly MaskedRecord[],
    signal: AbortSignal,
  ): Promise<readonly Outcome[] | Refused | undefined> {
    const found = await this.#bucket.find(key, signal);
    const held = typeof found === 'object' ? heldBy(found, records) : undefined;
    if (held === undefined) return typeof found === 'object' ? this.#storeBeside(records, signal) : undefined;
    const rest = records.slice(held);
    const outcomes = rest.length === 0 ? [] : await this.#store(rest, signal);
    if ('refused' in outcomes) return outcomes;
    return [...records.slice(0, held).map(() => delivered), ...outcomes];
  }

  /** Under a name that says what it holds: where that is taken, it is the same. */
  async #storeBeside(records: readonly MaskedRecord[], signal: AbortSignal): Promise<readonly Outcome[] | Refused> {
    const key = objectName(records[0]!, this.#options, contentOf(records).digest.slice(0, 16));
    const stored = await this.#put(key, records, signal);
    return this.#outcomes(stored.kind === 'there' ? { kind: 'stored' } : stored, records);
  }

  async #put(key: string, records: readonly MaskedRecord[], signal: AbortSignal): Promise<Stored> {
    const { encode, mediaType } = this.#options;
    const body = await encode(records.map((record) => this.#lineOf(record)));
    return this.#bucket.put(key, body, mediaType, contentOf(records), signal);
  }

  #outcomes(stored: Stored, records: readonly MaskedRecord[]): readonly Outcome[] | Refused {
    if (stored.kind === 'tooLarge') return { refused: stored.fault };
    if (stored.kind !== 'errored') return records.map(() => delivered);
    // They may have been changed: read again before the next attempt.
    if (stored.isAuth) this.#credentials = undefined;
    return records.map(() => errored(stored.fault, stored.retryAfterMs));
  }

  #lineOf(record: MaskedRecord): ObjectLine {
    const { needsRows, line } = this.#options;
    const body = line(record);
    if (!needsRows) return { body };
    return record.type === recordTypes.finding
      ? { body, finding: findingRow(findingIn(record)) }
      : { body, event: eventRow(record) };
  }

  #known(): S3Credentials {
    if (this.#credentials) return this.#credentials;
    throw new Fault('there are no credentials', { code: 'E_S3_CREDENTIALS', retryable: true });
  }
}
