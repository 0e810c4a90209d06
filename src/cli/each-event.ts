import type { Tile } from '../core/tile.ts';
import { stubReasons } from '../core/tile.ts';
import { InputFramer } from '../sources/frames/input-framer.ts';
import { type Input, openInput } from '../sources/read-input.ts';
import type { CliContext } from './output.ts';

/** One raw event of an input, in memory only. */
export interface RawEvent {
  /** 0-based, among all events of all inputs. */
  readonly index: number;
  /** At least `limits.tilePaddingBytes` readable bytes follow `end`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Why it is no event that can be read; undefined where it is one. */
  readonly reason: string | undefined;
}

/** Hands over the events of files (`-` or none: standard input) one by one, wrappers and lists taken apart, until `use` says stop. */
export async function eachEvent(
  context: CliContext,
  files: readonly string[],
  use: (event: RawEvent) => Promise<'stop' | undefined>,
): Promise<void> {
  const inputs: Input[] = [];
  for (const name of files.length === 0 ? ['-'] : files) inputs.push(await openInput(name, context.stdin));
  let index = 0;
  for (const input of inputs) {
    const tileContext = { cluster: '', source: 'cli', stream: input.name };
    const framer = new InputFramer({ context: tileContext, lists: 'split', nowUs: () => Date.now() * 1000 });
    for await (const tile of input.tiles(framer)) {
      for (let i = 0; i < tile.count; i++) if ((await use(eventOf(tile, i, index++))) === 'stop') return;
      framer.recycle(tile);
    }
  }
}

function eventOf(tile: Tile, i: number, index: number): RawEvent {
  const reason = tile.reasons[i] ?? 0;
  return {
    index,
    bytes: tile.bytes,
    start: tile.starts[i] ?? 0,
    end: tile.ends[i] ?? 0,
    reason: reason === 0 ? undefined : stubReasons[reason],
  };
}
