import type { Input } from '../sources/read-input.ts';
import type { Output } from './output.ts';

/** Files below this size are done before anybody reads a line about them. */
const shownFromBytes = 64 * 1024 * 1024;
const intervalMs = 200;

/** Says on a terminal how far a long input is. */
export class Progress {
  readonly #output: Output;
  readonly #nowMs: () => number;
  #nextMs = 0;
  #startedMs: number;

  constructor(output: Output, nowMs: () => number) {
    this.#output = output;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  show(input: Input): void {
    if (!this.#output.isWatched) return;
    const now = this.#nowMs();
    const { totalBytes } = input;
    if (now < this.#nextMs || (totalBytes !== undefined && totalBytes < shownFromBytes)) return;
    this.#nextMs = now + intervalMs;
    const read = input.readBytes();
    if (totalBytes === undefined && read < shownFromBytes) return;
    const seconds = Math.max(0.001, (now - this.#startedMs) / 1000);
    const share =
      totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)} (${Math.floor((100 * read) / Math.max(1, totalBytes))} %)`;
    this.#output.progress(`${input.name}: ${megabytes(read)}${share}, ${megabytes(read / seconds)}/s`);
  }

  /** Removes the line; the next input starts its own clock. */
  done(): void {
    this.#output.progress(undefined);
    this.#startedMs = this.#nowMs();
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
