import type { Tile } from '../../src/core/tile.ts';
import { type Adversary, adversarialLines } from '../generate/adversarial.ts';
import type { PrepareCase } from '../measure.ts';
import { benchEngine } from './engine.ts';
import { tilesOfText } from './tiles.ts';

const bytesPerRun = 12_000_000;
/** Compiled code, automata and caches are there before it counts: about what a second of work needs. */
const warmUpBytes = 3_000_000;

/** Inspection of an input that was made to be slow. Warmed up with the same kind of input. */
export const prepareAdversarial =
  (adversary: Adversary, eventBytes = adversary.eventBytes, bytes = bytesPerRun): PrepareCase =>
  async () => {
    const { inspector } = await benchEngine('standard');
    const run = (tiles: readonly Tile[]): number => tiles.reduce((sum, tile) => sum + inspector.inspect(tile).count, 0);
    run(tilesOfText(adversarialLines(adversary, warmUpBytes, Math.min(eventBytes, warmUpBytes))));
    const text = adversarialLines(adversary, bytes, eventBytes);
    const tiles = tilesOfText(text);
    return async () => ({ bytes: text.length, events: run(tiles) });
  };
