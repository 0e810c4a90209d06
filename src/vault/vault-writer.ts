import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../core/limits.ts';
import { systemRandom } from '../crypto/random.ts';
import { indexSuffix, pseudonymsIn, removeSealed, sealedFiles, sealedSuffix } from './vault-files.ts';

/** What a vault is opened with: plain data, so that every thread can be told. */
export interface VaultTarget {
  readonly directory: string;
  /** Public keys of the incident team: `age1…`. */
  readonly recipients: readonly string[];
  /** Beyond it the oldest files go. */
  readonly maxBytes: number;
  /** Older files go. */
  readonly maxAgeMs: number;
}

/** Told of an original and its pseudonym the first time it is masked, or again where that was forgotten. Returns at once. */
export type SeenOriginal = (epoch: string, kind: string, original: string, pseudonym: string) => void;

interface Waiting {
  readonly kind: string;
  readonly pseudonym: string;
  readonly value: string;
}

/**
 * Seals originals of pseudonymised values to public keys whose private halves are elsewhere. Aside from the work: `seen` notes a
 * value in memory, a batch is encrypted and written a moment later. What waits is bounded, and lost when the process ends; such a
 * value is sealed when it comes the next time.
 */
export class VaultWriter {
  readonly #target: VaultTarget;
  readonly #nowMs: () => number;
  /** Told what went wrong, once for each cause. */
  notice: (text: string) => void = () => undefined;
  /** By epoch and pseudonym: what is sealed already. */
  #sealed = new Set<string>();
  #waiting = new Map<string, { readonly epoch: string; readonly value: Waiting }>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #said: string | undefined;

  constructor(target: VaultTarget, nowMs: () => number) {
    this.#target = target;
    this.#nowMs = nowMs;
    this.#turn = this.#remember().catch((error: unknown) => this.#say(error));
  }

  readonly seen: SeenOriginal = (epoch, kind, value, pseudonym) => {
    const key = `${epoch} ${pseudonym}`;
    if (this.#sealed.has(key) || this.#waiting.has(key)) return;
    if (this.#waiting.size >= limits.vaultWaiting || value.length > limits.vaultValueBytes) return;
    this.#waiting.set(key, { epoch, value: { kind, pseudonym, value } });
    this.#timer ??= setTimeout(() => void this.flush(), limits.vaultWaitMs).unref();
  };

  /** Seals what waits. Never rejects: what fails is said, and those values come again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#turn = this.#turn.then(() => this.#write()).catch((error: unknown) => this.#say(error));
    return this.#turn;
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    try {
      for (const epoch of new Set([...waiting.values()].map((one) => one.epoch))) await this.#sealEpoch(epoch, waiting);
    } catch (error) {
      // Nothing else offers them again soon: masks are remembered.
      for (const [key, one] of waiting) if (this.#waiting.size < limits.vaultWaiting) this.#waiting.set(key, one);
      this.#timer ??= setTimeout(() => void this.flush(), limits.vaultRetryMs).unref();
      throw error;
    }
    await this.#prune();
    this.#said = undefined;
  }

  /** What is sealed is taken from those that wait. */
  async #sealEpoch(epoch: string, waiting: Map<string, { readonly epoch: string; readonly value: Waiting }>): Promise<void> {
    const own = [...waiting].filter(([, one]) => one.epoch === epoch);
    await this.#seal(
      epoch,
      own.map(([, { value }]) => value),
    );
    if (this.#sealed.size + own.length > limits.vaultRemembered) this.#sealed.clear();
    for (const [key] of own) {
      this.#sealed.add(key);
      waiting.delete(key);
    }
  }

  async #seal(epoch: string, values: readonly Waiting[]): Promise<void> {
    const { Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    for (const recipient of this.#target.recipients) encrypter.addRecipient(recipient);
    const sealed = await encrypter.encrypt(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    const { directory } = this.#target;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const name = `${epoch}-${this.#nowMs().toString(36)}-${Buffer.from(systemRandom(8)).toString('hex')}`;
    await writeSynced(join(directory, name + indexSuffix), values.map(({ pseudonym }) => `${pseudonym}\n`).join(''));
    await writeSynced(join(directory, name + sealedSuffix), sealed);
  }

  /** What went is sealed again when it is seen the next time. */
  async #prune(): Promise<void> {
    const files = [...(await sealedFiles(this.#target.directory))];
    let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const oldestMs = this.#nowMs() - this.#target.maxAgeMs;
    for (const file of files) {
      if (file.madeMs >= oldestMs && bytes <= this.#target.maxBytes) break;
      for (const pseudonym of await pseudonymsIn(file)) this.#sealed.delete(`${file.epoch} ${pseudonym}`);
      await removeSealed(file);
      bytes -= file.bytes;
    }
  }

  async #remember(): Promise<void> {
    for (const file of (await sealedFiles(this.#target.directory)).toReversed()) {
      if (this.#sealed.size >= limits.vaultRemembered) return;
      for (const pseudonym of await pseudonymsIn(file)) this.#sealed.add(`${file.epoch} ${pseudonym}`);
    }
  }

  #say(error: unknown): void {
    const { code = 'unknown' } = error as { readonly code?: string };
    if (code === this.#said) return;
    this.#said = code;
    this.notice(`values could not be sealed into the vault (${code}); they are when they come again`);
  }
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(`${path}.tmp`, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.tmp`, path);
}
