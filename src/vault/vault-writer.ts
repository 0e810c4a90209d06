import { limits } from '../core/limits.ts';
import { systemRandom } from '../crypto/random.ts';
import { nodeFileSystem, replaceFile } from '../log/file-system.ts';
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
  /** In the order of `vaultResults`, in memory that all threads share. */
  readonly counts: BigUint64Array;
}

/** What becomes of a new value: `dropped` are those that are too long or too many, `retried` those that could not be written yet. */
export const vaultResults = ['sealed', 'dropped', 'retried'] as const;
type VaultResult = (typeof vaultResults)[number];

export const newVaultCounts = (): BigUint64Array => new BigUint64Array(new SharedArrayBuffer(8 * vaultResults.length));

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
    if (this.#waiting.size >= limits.vaultWaiting || value.length > limits.vaultValueBytes) return this.#count('dropped', 1);
    this.#waiting.set(key, { epoch, value: { kind, pseudonym, value } });
    this.#timer ??= setTimeout(() => void this.flush(), limits.vaultWaitMs).unref();
  };

  /** Of all threads. */
  readings(): readonly { readonly value: number; readonly labels: { readonly result: VaultResult } }[] {
    return vaultResults.map((result, i) => ({ value: Number(Atomics.load(this.#target.counts, i)), labels: { result } }));
  }

  #count(result: VaultResult, values: number): void {
    Atomics.add(this.#target.counts, vaultResults.indexOf(result), BigInt(values));
  }

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
    // Those that came before it was known what the files hold.
    for (const key of waiting.keys()) if (this.#sealed.has(key)) waiting.delete(key);
    try {
      for (const epoch of new Set([...waiting.values()].map((one) => one.epoch))) await this.#sealEpoch(epoch, waiting);
    } catch (error) {
      // Nothing else offers them again soon: masks are remembered.
      for (const [key, one] of waiting) {
        const fits = this.#waiting.size < limits.vaultWaiting;
        if (fits) this.#waiting.set(key, one);
        this.#count(fits ? 'retried' : 'dropped', 1);
      }
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
    this.#count('sealed', own.length);
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
    await nodeFileSystem.makeDirectory(directory);
    const name = `${epoch}-${this.#nowMs().toString(36)}-${Buffer.from(systemRandom(8)).toString('hex')}`;
    const index = values.map(({ pseudonym }) => `${pseudonym}\n`).join('');
    await replaceFile(nodeFileSystem, directory, name + indexSuffix, Buffer.from(index));
    await replaceFile(nodeFileSystem, directory, name + sealedSuffix, sealed);
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
