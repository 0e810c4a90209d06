import type { Clock } from '../core/clock.ts';
import { findingIn } from '../core/finding-in.ts';
import type { Reader } from '../core/log.ts';
import { recordTypes } from '../core/record.ts';
import type { SilenceBook } from '../routing/silence-book.ts';
import { filteredReader } from './filtered-reader.ts';

export interface SilencedReaderOptions {
  readonly silences: SilenceBook;
  readonly clock: Clock;
  /** Told of findings that a silence kept from the sink. */
  readonly silenced: (count: number) => void;
}

/** A reader of findings without those that a silence covers at the moment they would be sent. */
export function silencedReader(reader: Reader, { silences, clock, silenced }: SilencedReaderOptions): Reader {
  return filteredReader(reader, (records) => {
    const nowMs = clock.nowMs();
    const kept = records.filter(
      (record) => record.type !== recordTypes.finding || silences.of(findingIn(record), nowMs) === undefined,
    );
    if (kept.length < records.length) silenced(records.length - kept.length);
    return kept;
  });
}
