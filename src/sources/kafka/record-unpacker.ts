import { limits } from '../../core/limits.ts';
import { recordTypes } from '../../core/record.ts';
import type { Secret } from '../../core/secret.ts';
import type { MaskedTile } from '../../core/tile.ts';
import { ChunkAssembler, readChunk } from '../../kafka/chunks.ts';
import { type Channel, openEnvelope, type Refusal } from '../../kafka/envelope.ts';
import type { IncomingMessage } from '../../kafka/kafka-client.ts';
import { type Parcel, ParcelReader, tileOfParcels } from '../../kafka/record-parcel.ts';

/** Why a message became no record: it was not opened, or it was never whole. */
export type UnpackProblem = Refusal | 'unfinished';

export interface UnpackerOptions {
  readonly channel: Channel;
  /** Of the cluster group: `envelopeKeyPurpose`. */
  readonly key: Secret;
  /** Told of each message that became no record. Nothing of what it held. */
  readonly refused: (problem: UnpackProblem, partition: number, offset: bigint) => void;
}

export interface Unpacked {
  readonly events: MaskedTile | undefined;
  readonly findings: MaskedTile | undefined;
  /** Nothing before this offset is needed any more once these records are safe. */
  readonly doneBefore: bigint;
}

/** Messages of a topic in, records out. */
export class RecordUnpacker {
  readonly #options: UnpackerOptions;
  readonly #reader = new ParcelReader();
  readonly #chunks: ChunkAssembler;

  constructor(options: UnpackerOptions) {
    this.#options = options;
    this.#chunks = new ChunkAssembler({
      maxBytes: limits.kafkaUnfinishedBytes,
      maxAgeMs: limits.kafkaUnfinishedMs,
      givenUp: (partition) => options.refused('unfinished', partition, this.#chunks.heldAt(partition) ?? 0n),
    });
  }

  /** @param messages of one partition, in order */
  unpack(partition: number, messages: readonly IncomingMessage[], nowMs: number): Unpacked {
    this.#chunks.expire(nowMs);
    const parcels = messages.flatMap((message) => this.#parcel(partition, message, nowMs) ?? []);
    const last = messages.at(-1)?.offset ?? -1n;
    return {
      events: tile(parcels.filter(({ type }) => type === recordTypes.event)),
      findings: tile(parcels.filter(({ type }) => type === recordTypes.finding)),
      doneBefore: this.#chunks.heldAt(partition) ?? last + 1n,
    };
  }

  /** Where reading has to begin again after a crash for the sake of messages that are not whole; undefined: nowhere. */
  heldAt(partition: number): bigint | undefined {
    return this.#chunks.heldAt(partition);
  }

  /** These are the partitions that this worker has now. */
  keepOnly(partitions: readonly number[]): void {
    this.#chunks.keepOnly(partitions);
  }

  #parcel(partition: number, { offset, value }: IncomingMessage, nowMs: number): Parcel | undefined {
    const { channel, key, refused } = this.#options;
    let opened = openEnvelope(value, channel, key);
    if ('kind' in opened && opened.kind === 'chunk') {
      const chunk = readChunk(opened.body);
      const whole = chunk && this.#chunks.add(partition, offset, chunk, nowMs);
      if (chunk && !whole) return undefined;
      opened = whole ? openEnvelope(whole, channel, key) : { refused: 'malformed' };
    }
    if ('refused' in opened) {
      refused(opened.refused, partition, offset);
      return undefined;
    }
    const parcel = this.#reader.open(opened.body);
    if (parcel && tileOfParcels([parcel])) return parcel;
    refused('malformed', partition, offset);
    return undefined;
  }
}

const tile = (parcels: readonly Parcel[]): MaskedTile | undefined => (parcels.length === 0 ? undefined : tileOfParcels(parcels));
