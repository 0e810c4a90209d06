import { expect } from 'chai';
import { lineMasker, shippedPacks } from '../masking/support/mask-lines.ts';
import { plantedEvent } from '../support/planted-events.ts';
import { Dice } from '../support/planted-shapes.ts';
import { reveals } from '../support/reveals.ts';
import { judge } from './planted-events.ts';

/** Seeds tried here; `planted-run.js` tries as many as it is told. */
const seeds = 1_500;

describe('leak/planted-events', () => {
  const mask = lineMasker(shippedPacks());

  it('finds what is planted before anything is masked', () => {
    const missed = Array.from({ length: 300 }, (_, seed) => plantedEvent(new Dice(seed)))
      .filter(({ line, secret, shape }) => !shape.startsWith('number') && !reveals(line, secret))
      .map(({ shape }) => shape);
    expect(missed).to.deep.equal([]);
  });

  it('finds no planted secret in any place, file and encoding after masking, and masking again changes nothing', () => {
    const faults = Array.from({ length: seeds }, (_, seed) => ({ seed, planted: plantedEvent(new Dice(seed)) })).flatMap(
      ({ seed, planted }) => {
        const verdict = judge(mask, planted);
        return verdict === undefined ? [] : [`${seed} ${verdict}: ${planted.shape}`];
      },
    );
    expect(faults).to.deep.equal([]);
  }).timeout(120_000);
});
