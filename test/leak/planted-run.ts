import { writeSync } from 'node:fs';
import { lineMasker, shippedPacks } from '../masking/support/mask-lines.ts';
import { plantedEvent } from '../support/planted-events.ts';
import { Dice } from '../support/planted-shapes.ts';
import { judge } from './planted-events.ts';

/**
 * The long run of planted-events.test.ts: `planted-run.js [--events N] [--seed N]`. Says which shapes failed, never
 * what is in them, and ends with 1 where one did.
 */
const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const [events, seed] = [option('events', 1_000_000), option('seed', 1)];
const mask = lineMasker(shippedPacks());
const faults = new Map<string, number>();
let stubs = 0;
for (let i = 0; i < events; i++) {
  const planted = plantedEvent(new Dice(seed + i));
  const verdict = judge(mask, planted);
  if (verdict === 'stub') stubs++;
  else if (verdict !== undefined) {
    const fault = `${verdict}: ${planted.shape}`;
    faults.set(fault, (faults.get(fault) ?? 0) + 1);
    writeSync(2, `seed ${seed + i}  ${fault}\n`);
  }
}
const failed = [...faults.values()].reduce((sum, count) => sum + count, 0);
writeSync(1, `${events} events, ${stubs} stubs, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
