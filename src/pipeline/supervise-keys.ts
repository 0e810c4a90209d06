import type { Clock } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import type { TileInspector } from '../core/tile.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { encodeEntries, type LogEntry } from '../log/record-encoder.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { findingEntries } from './correlate-loop.ts';
import type { EpochInspector } from './epoch-inspector.ts';
import { type KeyFile, KeyWatch } from './key-watch.ts';
import type { Meter } from './meter.ts';
import { NoteInbox } from './note-inbox.ts';
import type { SilenceKeeper } from './silence-keeper.ts';
import { unmaskFindings } from './unmask-findings.ts';

/** A change of the key file is taken up, and a note is in the log, after this at most. */
const lookIntervalMs = 5_000;

export interface SuperviseKeysOptions {
  readonly config: { readonly log: { readonly directory: string }; readonly cluster: { readonly name: string } };
  readonly identify: (text: string) => string;
  readonly found: (findings: readonly Finding[]) => Promise<void>;
  readonly keyRing: KeyRing;
  readonly keyFile?: KeyFile;
  readonly inspector: EpochInspector<TileInspector>;
  readonly findings: SegmentLog;
  readonly meter: Pick<Meter, 'found'>;
  /** Told of notes that are in the log now. */
  readonly silences?: Pick<SilenceKeeper, 'take'>;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
  /** Called when an epoch has begun: what masks now is another inspector than the one that was tested. */
  readonly retest?: () => Promise<void>;
}

export interface KeySupervision {
  /** Takes up the notes that wait. Rejects where they cannot be appended; they wait on then. */
  readonly takeNotes: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Takes up new epochs of the key file and the notes people leave, and notes in the findings log which epoch began when. */
export function superviseKeys(options: SuperviseKeysOptions): KeySupervision {
  const { config, keyRing, keyFile, inspector, findings, silences, meter, clock, notice, retest, identify, found } = options;
  const append = async (entries: readonly LogEntry[]): Promise<void> => {
    await findings.append(encodeEntries(entries));
    // Notes that are not taken up here stay where they wait, and come again.
    await silences?.take(entries);
  };
  const inbox = new NoteInbox(config.log.directory, async (entries) => {
    const nowMs = clock.nowMs();
    const made = unmaskFindings(entries, { identify, cluster: config.cluster.name, nowMs });
    await append([...entries, ...findingEntries(made, identify, nowMs)]);
    for (const finding of made) meter.found(finding);
    if (made.length > 0) await found(made).catch(() => undefined);
  });
  const watch = keyFile && new KeyWatch({ file: keyFile, keyRing, notice, use: (ring) => inspector.use(ring, clock.nowMs()) });
  inspector.changed = (epoch) => {
    notice(`pseudonyms are made with key ${epoch} from now on`);
    // Not at once: this is called while a tile waits to be masked.
    if (retest) setImmediate(() => void retest().catch(() => undefined));
    const nowMs = clock.nowMs();
    const value = {
      note: 'key-epoch-begun',
      at: new Date(nowMs).toISOString(),
      by: { uid: process.getuid?.(), name: 'agent' },
      epoch,
    };
    // The records themselves name their epoch: a note that cannot be written is not worth stopping for.
    append([{ type: 'note', value, receivedAtUs: nowMs * 1000 }]).catch(() => undefined);
  };
  const look = async (): Promise<void> => {
    await watch?.check();
    // What cannot be appended stays in its file and is tried again.
    await inbox.drain(clock.nowMs() * 1000).catch(() => undefined);
  };
  let looking = look();
  const timer = setInterval(() => {
    looking = look();
  }, lookIntervalMs);
  timer.unref();
  return {
    takeNotes: () => inbox.drain(clock.nowMs() * 1000),
    stop: async () => {
      clearInterval(timer);
      await looking;
      await look();
    },
  };
}
