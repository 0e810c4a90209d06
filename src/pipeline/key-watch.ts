import { stat } from 'node:fs/promises';
import { Fault } from '../core/faults.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { type LoadOptions, loadKeyRing } from '../crypto/key-ring-file.ts';

/** A key file and how it may be readable. */
export interface KeyFile extends LoadOptions {
  readonly path: string;
}

export interface KeyWatchOptions {
  readonly file: KeyFile;
  /** The keys in use. */
  readonly keyRing: KeyRing;
  /** Told of a later state of the same keys. */
  readonly use: (keyRing: KeyRing) => void;
  readonly notice: (text: string) => void;
}

/** Looks whether a key file has changed and takes it over if it goes on from the keys in use. */
export class KeyWatch {
  readonly #options: KeyWatchOptions;
  #ring: KeyRing;
  #seen: string | undefined;

  constructor(options: KeyWatchOptions) {
    this.#options = options;
    this.#ring = options.keyRing;
  }

  /** Looks once. A file that cannot be read or is another one changes nothing and is said once. */
  async check(): Promise<void> {
    const { file, use, notice } = this.#options;
    const found = await stat(file.path).catch(() => undefined);
    const state = found ? `${found.ino} ${found.size} ${found.mtimeMs}` : 'missing';
    if (state === this.#seen) return;
    this.#seen = state;
    try {
      const ring = await loadKeyRing(file.path, file);
      if (!this.#ring.isContinuedBy(ring))
        notice(`${file.path} holds other keys than this process started with: restart it to use them`);
      else {
        this.#ring = ring;
        use(ring);
      }
    } catch (error) {
      notice(`the key file was changed and is not used: ${error instanceof Fault ? error.message : 'it cannot be read'}`);
    }
  }
}
