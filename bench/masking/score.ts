import { encodingsOf } from '../../src/demo/find-planted.ts';
import type { Masker } from './maskers.ts';
import type { Sample } from './samples.ts';

/** How a masker did on some events. */
export interface Score {
  readonly positives: number;
  /** Events of which no secret was left, in any encoding. */
  readonly cleaned: number;
  readonly negatives: number;
  /** Events without a secret that were changed. */
  readonly changed: number;
  readonly megabytesPerSecond: number;
}

/** What became of each event: true where it is as it should be. */
export interface Verdicts {
  readonly right: readonly boolean[];
  readonly megabytesPerSecond: number;
}

export function judge(masker: Masker, samples: readonly Sample[]): Verdicts {
  const lines = samples.map(({ line }) => line);
  const { lines: out, seconds } = masker.mask(lines);
  if (out.length !== lines.length) throw new Error(`${masker.name} gave ${out.length} lines for ${lines.length}`);
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  return { right: samples.map((sample, i) => isRight(sample, out[i] ?? '')), megabytesPerSecond: bytes / 1e6 / seconds };
}

/** A stub hides everything: as a mask it is a miss. */
function isRight({ line, secrets }: Sample, out: string): boolean {
  if (secrets.length === 0) return out === line;
  if (out.startsWith('{"stub":true')) return false;
  return !secrets.some((secret) => out.includes(secret) || encodingsOf(secret).some((form) => out.includes(form)));
}

export function scoreOf(
  samples: readonly Sample[],
  { right, megabytesPerSecond }: Verdicts,
  among: (sample: Sample) => boolean = () => true,
): Score {
  let [positives, cleaned, negatives, changed] = [0, 0, 0, 0];
  samples.forEach((sample, i) => {
    if (sample.unjudged === true || !among(sample)) return;
    if (sample.secrets.length === 0) {
      negatives++;
      if (right[i] !== true) changed++;
    } else {
      positives++;
      if (right[i] === true) cleaned++;
    }
  });
  return { positives, cleaned, negatives, changed, megabytesPerSecond };
}
