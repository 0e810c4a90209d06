import type { StubReason } from '../../core/tile.ts';

/** An event taken out of what held it. */
export interface OpenedEvent {
  readonly bytes: Buffer;
  readonly reason: StubReason;
}
