import { Fault } from '../core/faults.ts';
import type { LeftOutReason } from '../core/left-out.ts';
import type { MaskedTile, Tile, TileInspector } from '../core/tile.ts';
import type { Engine } from '../pipeline/compose-engine.ts';
import { Counts } from '../pipeline/counts.ts';
import { Tally } from '../pipeline/tally.ts';
import { maskActions } from '../scan/plan.ts';
import { InputFramer } from '../sources/frames/input-framer.ts';
import { type Input, openInput } from '../sources/read-input.ts';
import { InOrder } from './in-order.ts';
import type { CliContext } from './output.ts';
import { Progress } from './progress.ts';

export interface InspectOptions {
  /** Files, `-` for standard input; empty for standard input. */
  readonly files: readonly string[];
  readonly lists: 'split' | 'whole';
  readonly cluster: string;
  readonly nowMs: () => number;
  /** `prefixes`: `Tile.prefixes`. */
  readonly use: (tile: MaskedTile, input: string, prefixes: readonly string[] | undefined) => Promise<void>;
  /** The engine's own where absent. */
  readonly inspector?: TileInspector;
  /** Tiles it is given before the first of them is done; 1 where absent. */
  readonly tilesInFlight?: number;
}

/**
 * Runs inputs that end through the inspector, in order, and says on standard error what did not become a masked event. A file that
 * cannot be opened ends the run before anything was read. @throws Fault E_USAGE_INPUT, E_INPUT_OPEN, E_INPUT_GZIP
 */
export async function inspectInputs(context: CliContext, engine: Engine, options: InspectOptions): Promise<Tally> {
  const names = options.files.length === 0 ? ['-'] : options.files;
  if (options.files.length === 0 && context.stdin.isTTY) {
    throw new Fault('nothing to read: no file was named and standard input is a terminal', {
      code: 'E_USAGE_INPUT',
      remedy: 'Name a file, or pipe something in; `-` reads what is typed.',
    });
  }
  const inputs: Input[] = [];
  for (const name of names) inputs.push(await openInput(name, context.stdin));
  const tally = new Tally(engine.plan.kinds, maskActions);
  const leftOut = new Counts();
  const progress = new Progress(context.output, options.nowMs);
  const { inspector = engine.inspector, tilesInFlight = 1 } = options;
  for (const input of inputs) {
    const framing = {
      context: { cluster: options.cluster, source: 'cli', stream: input.name },
      lists: options.lists,
      nowUs: () => options.nowMs() * 1000,
      leftOut: (reason: LeftOutReason) => leftOut.add({ reason }),
    };
    const framer = new InputFramer(framing);
    const inspected = new InOrder<readonly [Tile, MaskedTile]>(tilesInFlight, async ([tile, masked]) => {
      const isFirst = tally.events === 0;
      framer.recycle(tile);
      tally.add(masked);
      await options.use(masked, input.name, tile.prefixes);
      inspector.recycle?.(masked);
      progress.show(input);
      if (isFirst) await holdHeap(tilesInFlight);
    });
    for await (const tile of input.tiles(framer)) {
      const masked = inspector.inspect(tile);
      await inspected.add(masked instanceof Promise ? masked.then((done) => [tile, done] as const) : [tile, masked]);
    }
    await inspected.end();
    progress.done();
  }
  for (const text of describeInspected(tally, leftOut)) context.output.note(text);
  return tally;
}

/** Once there is something to show. */
async function holdHeap(tilesInFlight: number): Promise<void> {
  const { boundHeap, holdNewSpace } = await import('../pipeline/bound-heap.ts');
  boundHeap();
  if (tilesInFlight === 1) holdNewSpace();
}

/** What a run leaves to say: nothing where every part of the input became a masked event. */
function describeInspected(tally: Tally, leftOut: Counts): readonly string[] {
  const left = leftOut.describe('reason');
  if (tally.events === 0 && left === undefined) return ['auditveil: there are no events in the input'];
  return [
    ...(tally.stubs > 0 ? [describeStubs(tally)] : []),
    ...(left === undefined ? [] : [`auditveil: left out, as it is no audit event: ${left}`]),
  ];
}

function describeStubs(tally: Tally): string {
  const byReason = [...tally.stubsByReason()];
  const reasons = byReason.map(([reason, count]) => `${reason} ${count}`).join(', ');
  return `auditveil: ${tally.stubs} of ${tally.events} events could not be masked safely and became stubs (${reasons})${stubRemedy(new Map(byReason), tally.events)}`;
}

function stubRemedy(stubs: ReadonlyMap<string, number>, events: number): string {
  if (stubs.has('unsupported-format'))
    return '. The legacy text format has no events in it: start kube-apiserver with --audit-log-format=json';
  return stubs.get('not-json') === events ? '. Nothing in the input is JSON: is it an audit log?' : '';
}
