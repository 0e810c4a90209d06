import type { Kafka } from 'kafkajs';
import { loadKeyRing } from '../../../src/crypto/key-ring-file.ts';
import { envelopeKeyPurpose } from '../../../src/kafka/envelope.ts';
import { TileRecords } from '../../../src/pipeline/tile-records.ts';
import { RecordUnpacker } from '../../../src/sources/kafka/record-unpacker.ts';

/** Reads the matches topic from its beginning, as whoever keeps the windows does. @param seen told the audit ID of each record there */
export async function followMatches(
  kafka: Kafka,
  keyFile: string,
  seen: (auditID: string) => void,
): Promise<{ stop(): Promise<void> }> {
  const key = (await loadKeyRing(keyFile)).deriveLasting(envelopeKeyPurpose);
  const unpacker = new RecordUnpacker({ channel: 'matches', key, refused: () => undefined });
  const records = new TileRecords(1_000_000);
  const consumer = kafka.consumer({
    groupId: 'test-matches',
    retry: { retries: 100, restartOnFailure: () => Promise.resolve(true) },
  });
  await consumer.connect();
  await consumer.subscribe({ topics: ['auditveil-matches'], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition, message: { offset, value, timestamp } }) => {
      const message = { offset: BigInt(offset), value, timestampMs: Number(timestamp) };
      const { events } = unpacker.unpack(partition, [message], Date.now());
      for (const { record } of events ? records.of(events, Date.now(), true) : [])
        seen((JSON.parse(Buffer.from(record.payload).toString('utf8')) as { readonly auditID: string }).auditID);
      return Promise.resolve();
    },
  });
  return { stop: () => consumer.disconnect() };
}
