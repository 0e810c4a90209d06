import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { jsonPieces } from '../core/json-pieces.ts';
import type { LogPosition } from '../core/log.ts';
import { errorCode, nodeFileSystem, replaceInPieces } from '../log/file-system.ts';
import type { CorrelatorSnapshot } from '../state/correlator.ts';

/** What correlation knew when it had read up to a position of the events log. */
export interface SavedState {
  readonly position: LogPosition;
  readonly snapshot: CorrelatorSnapshot;
}

/** `ended`: the input had ended and everything was closed. `missing`, `damaged`: nothing that could be gone on from. */
export type LoadedState = SavedState | 'ended' | 'missing' | 'damaged';

const ended = { ended: true };

/**
 * The correlation state on disk: keyed hashes, times and masked values, never raw ones. State and position are one file,
 * replaced as a whole: a restart goes on from exactly what the state has seen, so it neither forgets nor repeats.
 */
export class StateFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<LoadedState> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      return errorCode(error) === 'ENOENT' ? 'missing' : 'damaged';
    }
    try {
      const saved = JSON.parse(text) as Partial<SavedState & typeof ended>;
      if (saved.ended === true) return 'ended';
      return saved.snapshot?.version === 2 && saved.position ? (saved as SavedState) : 'damaged';
    } catch {
      return 'damaged';
    }
  }

  /** What is saved must stay as it is until then: it is read while it is written. */
  save(saved: SavedState): Promise<void> {
    return this.#write(saved);
  }

  /** Everything is closed: the next start begins with empty windows, which is not the same as having lost them. */
  end(): Promise<void> {
    return this.#write(ended);
  }

  async #write(content: unknown): Promise<void> {
    await replaceInPieces(nodeFileSystem, dirname(this.#path), basename(this.#path), bytesOf(content));
  }
}

function* bytesOf(content: unknown): Generator<Uint8Array> {
  for (const piece of jsonPieces(content)) yield Buffer.from(piece);
}
