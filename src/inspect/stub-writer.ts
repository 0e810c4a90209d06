import { latin1Text } from '../core/byte-text.ts';

export interface StubSource {
  readonly reason: string;
  readonly bytes: Uint8Array;
  /** -1 where no audit id could be read. */
  readonly auditIdStart: number;
  readonly auditIdEnd: number;
  /** Bytes of the event that the stub stands for. */
  readonly size: number;
  /** 16 bytes, keyed. */
  readonly digest: Uint8Array;
}

/** Writes the line that stands for an event that cannot be masked safely: identity, size, keyed digest, reason, no content. */
export class StubWriter {
  write(stub: StubSource): Uint8Array {
    const id = stub.auditIdStart < 0 ? '' : latin1Text(stub.bytes, stub.auditIdStart, stub.auditIdEnd);
    const digest = Buffer.from(stub.digest).toString('hex');
    const identity = id === '' ? {} : { auditID: id };
    return Buffer.from(JSON.stringify({ stub: true, reason: stub.reason, ...identity, bytes: stub.size, digest }));
  }
}
