import { delivered, type Outcome, type Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import type { RecordBatch } from '../../core/log.ts';
import type { ContextDictionary, Dictionary, MaskedRecord } from '../../core/record.ts';
import type { Secret } from '../../core/secret.ts';
import { chunkHeadBytes, splitMessage } from '../../kafka/chunks.ts';
import { type Channel, envelopeExtraBytes, macBytes, sealEnvelope } from '../../kafka/envelope.ts';
import type { OutgoingMessage } from '../../kafka/kafka-client.ts';
import { recordKey } from '../../kafka/record-key.ts';
import { ParcelPacker } from '../../kafka/record-parcel.ts';
import { writtenDictionary } from '../../log/dictionary-cache.ts';
import { storedBytes } from '../../log/record-decoder.ts';
import { type LanesOptions, PartitionLanes } from './partition-lanes.ts';

export interface TransportSinkOptions extends LanesOptions {
  readonly channel: Channel;
  /** Of the cluster group: `envelopeKeyPurpose`. */
  readonly key: Secret;
  /** Which records travel; the others count as delivered. Absent: all. */
  readonly concerns?: (record: MaskedRecord) => boolean;
  /** Records of one key stay in order. Absent: cluster and audit ID. */
  readonly keyOf?: (record: MaskedRecord) => string;
}

/** Carries whole records of the log to workers, with a MAC. What is too long for one message goes in chunks. */
export class TransportSink implements Sink {
  readonly #options: TransportSinkOptions;
  readonly #lanes: PartitionLanes;
  readonly #packer = new ParcelPacker();
  readonly #dictionaries = new WeakMap<ContextDictionary, readonly Dictionary[]>();

  constructor(options: TransportSinkOptions) {
    this.#options = options;
    this.#lanes = new PartitionLanes(options);
  }

  open(signal: AbortSignal): Promise<void> {
    return this.#lanes.open(signal);
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#lanes.check(signal);
  }

  async write({ records }: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    const { concerns = () => true, keyOf = recordKey } = this.#options;
    const travelling = records.filter(concerns);
    const requests = (part: readonly MaskedRecord[], maxBytes: number) => this.#requests(part, maxBytes);
    const outcomes = await this.#lanes.write(travelling, keyOf, requests, signal);
    const byRecord = new Map(travelling.map((record, i) => [record, outcomes[i]]));
    return records.map((record) => byRecord.get(record) ?? delivered);
  }

  close(): Promise<void> {
    return this.#lanes.close();
  }

  #requests(records: readonly MaskedRecord[], maxBytes: number): readonly (readonly OutgoingMessage[])[] | Fault {
    const bytes = records.map((record) => storedBytes(record) ?? new Uint8Array());
    const dictionaries = this.#dictionariesOf(records);
    const size = bytes.reduce((sum, one) => sum + one.length, envelopeExtraBytes + this.#packer.overhead(dictionaries));
    if (size > maxBytes && records.length > 1) return tooLarge();
    const { channel, key } = this.#options;
    const sealed = sealEnvelope('records', channel, this.#packer.parts(bytes, dictionaries), key);
    if (size <= maxBytes) return [[{ key: null, value: sealed }]];
    const pieceBytes = maxBytes - envelopeExtraBytes - chunkHeadBytes;
    const chunks = splitMessage(sealed, sealed.subarray(sealed.length - macBytes), pieceBytes);
    return Array.from(chunks, (parts) => [{ key: null, value: sealEnvelope('chunk', channel, parts, key) }]);
  }

  #dictionariesOf(records: readonly MaskedRecord[]): readonly Dictionary[] {
    const found = new Map<string, Dictionary>();
    for (const { context, plan } of records) {
      if (context === undefined) continue;
      let known = this.#dictionaries.get(context);
      if (known === undefined) {
        known = [context, ...(plan ? [plan] : [])].flatMap((one) => writtenDictionary(one) ?? []);
        this.#dictionaries.set(context, known);
      }
      for (const dictionary of known) found.set(dictionary.id, dictionary);
    }
    return [...found.values()];
  }
}

function tooLarge(): Fault {
  return new Fault('more records than one message holds', { code: 'E_KAFKA_TOO_LARGE' });
}
