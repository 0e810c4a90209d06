import type { KafkaSinkConfig } from '../../config/sinks/kafka.ts';
import type { Outcome, Sink } from '../../core/delivery.ts';
import { Fault } from '../../core/faults.ts';
import { findingIn } from '../../core/finding-in.ts';
import type { RecordBatch } from '../../core/log.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import type { SinkContext } from '../../core/sink-context.ts';
import type { KafkaClient, OutgoingMessage } from '../../kafka/kafka-client.ts';
import { recordKey } from '../../kafka/record-key.ts';
import { recordLines } from '../shared/record-line.ts';
import { openKafkaClient } from './open-client.ts';
import { PartitionLanes } from './partition-lanes.ts';

/** A message besides its value: head, key, headers. */
const messageExtraBytes = 512;

/**
 * Masked events or findings as JSON, one message each, for other consumers. Events have the key cluster/auditID, findings their
 * id, so all revisions of a finding and all stages of a request stay in order on one partition.
 */
export class KafkaSink implements Sink {
  readonly #cluster: string;
  readonly #lanes: PartitionLanes;
  readonly #line: ReturnType<typeof recordLines>;

  /** @param client another one than that of the options, for tests */
  constructor(
    options: KafkaSinkConfig,
    context: SinkContext,
    client: () => Promise<KafkaClient> = () => openKafkaClient(options),
  ) {
    this.#cluster = context.cluster;
    this.#line = recordLines(options.format, context.product);
    this.#lanes = new PartitionLanes({ topic: options.topic, connection: options, client });
  }

  open(signal: AbortSignal): Promise<void> {
    return this.#lanes.open(signal);
  }

  check(signal: AbortSignal): Promise<void> {
    return this.#lanes.check(signal);
  }

  write(batch: RecordBatch, signal: AbortSignal): Promise<readonly Outcome[]> {
    return this.#lanes.write(batch.records, keyOf, (records, maxBytes) => this.#requests(records, maxBytes), signal);
  }

  close(): Promise<void> {
    return this.#lanes.close();
  }

  #requests(records: readonly MaskedRecord[], maxBytes: number): readonly (readonly OutgoingMessage[])[] | Fault {
    const messages = records.map((record) => this.#message(record));
    const size = messages.reduce((sum, { value }) => sum + value.length + messageExtraBytes, 0);
    return size > maxBytes ? tooLarge() : [messages];
  }

  #message(record: MaskedRecord): OutgoingMessage {
    const isFinding = record.type === recordTypes.finding;
    return {
      key: keyOf(record),
      value: this.#line(record),
      headers: {
        type: isFinding ? 'finding' : 'event',
        cluster: record.context?.cluster ?? this.#cluster,
        ...(isFinding ? {} : { digest: record.digest }),
      },
    };
  }
}

function keyOf(record: MaskedRecord): string {
  return record.type === recordTypes.finding ? findingIn(record).id : recordKey(record);
}

function tooLarge(): Fault {
  return new Fault('a message is larger than the broker takes', {
    code: 'E_KAFKA_TOO_LARGE',
    remedy: 'Raise max.message.bytes of the topic, or leave out what makes events large in the audit policy.',
  });
}
