import { expect } from 'chai';
import fc from 'fast-check';
import { TailWorld } from './tail-world.ts';

/**
 * What can happen to a log file, interpreted on real files, against the simplest model there is: every whole line that was
 * written is handed over, and what a process that was killed had not kept comes again. Only what stood in a file that was cut or
 * removed before anybody looked may be missing, and then a gap says so.
 */
type Step =
  | { readonly do: 'write'; readonly lines: number; readonly cut: boolean }
  | {
      readonly do:
        | 'rotate'
        | 'copyTruncate'
        | 'truncate'
        | 'compress'
        | 'replace'
        | 'swapLink'
        | 'look'
        | 'kill'
        | 'stop'
        | 'writeLate';
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), lines: fc.nat(4), cut: fc.boolean() }) },
  { weight: 4, arbitrary: fc.constant({ do: 'look' as const }) },
  {
    weight: 8,
    arbitrary: fc
      .constantFrom('rotate', 'copyTruncate', 'truncate', 'compress', 'replace', 'swapLink', 'kill', 'stop', 'writeLate')
      .map((name) => ({ do: name }) as Step),
  },
);

/** What long runs found. */
const found: readonly Step[][] = [
  // A file that took the place of one of which only the beginning of a line had been read.
  [
    { do: 'write', lines: 0, cut: true },
    { do: 'look' },
    { do: 'copyTruncate' },
    { do: 'write', lines: 1, cut: false },
    { do: 'rotate' },
  ],
  // A late line in a file that was read to its end, and compressed before anybody looked again.
  [
    { do: 'write', lines: 1, cut: false },
    { do: 'rotate' },
    ...[{ do: 'look' as const }, { do: 'look' as const }],
    { do: 'writeLate' },
    { do: 'compress' },
  ],
];

async function apply(world: TailWorld, one: Step): Promise<void> {
  if (one.do === 'write') world.write(one.lines, one.cut);
  else await world[one.do]();
}

describe('faults/tail-model', function () {
  this.timeout(300_000);

  it('hands over every whole line, whatever happens to the file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const world = new TailWorld();
        await world.begin();
        for (const one of steps) await apply(world, one);
        await world.end();
        const seen = new Set(world.seen);
        const missing = world.written.filter((line) => !seen.has(line));
        expect(missing.filter((line) => !world.mayBeLost.has(line))).to.deep.equal([]);
        if (world.gapDue) expect(world.gaps.length, 'gaps').to.be.greaterThan(0);
        const whole = new Set(world.written);
        const strange = world.seen.filter((text) => !whole.has(text));
        // The beginning of a line whose file was cut.
        expect(strange.filter((text) => text.length !== 20)).to.deep.equal([]);
      }),
      { numRuns: Number(process.env['AUDITVEIL_RUNS'] ?? 40), endOnFailure: false, examples: found.map((steps) => [steps]) },
    );
  });
});
