import { access, constants } from 'node:fs/promises';
import type { Config, SourceConfig } from '../config/schema.ts';
import { findFiles } from '../sources/file/find-files.ts';
import type { Output } from './output.ts';
import { refusalText } from './refusals.ts';
import { type SourceSight, waitingLines } from './waiting-lines.ts';

const intervalMs = 1_000;
/** Without a terminal, waiting is worth a line after this. */
const plainAfterMs = 10_000;
/** On a terminal the screen comes after this: most agents have their first event at once. */
const screenAfterMs = 1_500;

/** What an agent counts, as far as waiting needs it. */
export interface WaitMeter {
  readonly tally: { readonly events: number };
  refusals(source: string): readonly { readonly reason: string; readonly count: number }[];
  connections(source: string): number;
}

export interface FirstEventWaitOptions {
  readonly config: Pick<Config, 'sources'>;
  readonly meter: WaitMeter;
  readonly output: Output;
  readonly nowMs: () => number;
}

/**
 * Until the first event: on a terminal a screen that says what is waited for, who was turned away and what to do; otherwise a
 * line for each of these when it is new. Ends by itself with the first event.
 */
export class FirstEventWait {
  readonly #options: FirstEventWaitOptions;
  readonly #startedMs: number;
  readonly #said = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FirstEventWaitOptions) {
    this.#options = options;
    this.#startedMs = options.nowMs();
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), intervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#options.output.block([]);
  }

  /** Looks once: shows what there is to see. */
  async look(): Promise<void> {
    const { config, meter, output, nowMs } = this.#options;
    const waitedMs = nowMs() - this.#startedMs;
    if (meter.tally.events > 0) {
      this.stop();
      if (this.#said.size > 0 || waitedMs > plainAfterMs)
        output.note(`auditveil: the first event is there, after ${Math.round(waitedMs / 1000)} s`);
      return;
    }
    const sights = await Promise.all(config.sources.map((source) => this.#sight(source)));
    if (this.#timer === undefined || meter.tally.events > 0) return;
    if (output.isWatched) {
      if (waitedMs >= screenAfterMs) output.block(waitingLines(sights, waitedMs, output.errorColumns));
    } else this.#sayPlainly(sights, waitedMs);
  }

  async #sight(source: SourceConfig): Promise<SourceSight> {
    const { meter } = this.#options;
    if (source.type === 'file') return { source, refusals: [], files: await filesOf(source.path) };
    return { source, refusals: meter.refusals(source.name), connections: meter.connections(source.name) };
  }

  #sayPlainly(sights: readonly SourceSight[], waitedMs: number): void {
    for (const { source, refusals } of sights) {
      for (const { reason } of refusals) {
        const { what, remedy } = refusalText(reason);
        this.#once(`${source.name} ${reason}`, `auditveil: source ${source.name}: ${what} → ${remedy}`);
      }
    }
    if (waitedMs < plainAfterMs) return;
    for (const line of waitingLines(sights, waitedMs, 200)
      .slice(1)
      .filter((text) => !text.startsWith('      ')))
      if (!/^ {4}\d/.test(line)) this.#once(line, `auditveil: waiting for the first event: ${line.trim()}`);
  }

  #once(key: string, text: string): void {
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.#options.output.note(text);
  }
}

async function filesOf(path: string): Promise<NonNullable<SourceSight['files']>> {
  const files = await findFiles(path);
  for (const file of files) {
    const isReadable = await access(file.path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!isReadable) return { count: files.length, problem: 'this user may not read' };
  }
  return { count: files.length, problem: undefined };
}
