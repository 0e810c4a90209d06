import { expect } from 'chai';
import { lineMasker, shippedPacks } from '../masking/support/mask-lines.ts';
import { type Attempt, changedPlaces, harmlessAttempts, inTwoPlaces, leftOf, lostOf, secretAttempts } from './red-team.ts';

const seed = 20_261_129;

describe('leak/red-team', function () {
  this.timeout(120_000);
  const masker = lineMasker(shippedPacks());
  const masked = new Map<string, string | undefined>();
  /** Two tests look at the same lines. */
  const mask = (line: string): string | undefined => {
    if (!masked.has(line)) masked.set(line, masker(line));
    return masked.get(line);
  };
  const wrong = (attempts: readonly Attempt[], judge: (attempt: Attempt) => readonly string[]): readonly string[] =>
    attempts.flatMap((attempt, i) => judge(inTwoPlaces(attempt, i)).map((found) => `${attempt.name}\n  ${found}`));

  it('gets no secret of its texts and objects past the packs', () => {
    expect(wrong(secretAttempts(seed), (attempt) => leftOf(mask, attempt))).to.deep.equal([]);
  });

  it('finds what stands beside the secrets', () => {
    expect(wrong(secretAttempts(seed), (attempt) => lostOf(mask, attempt))).to.deep.equal([]);
  });

  it('finds what only looks like a secret unchanged', () => {
    expect(wrong(harmlessAttempts(seed), (attempt) => changedPlaces(mask, attempt))).to.deep.equal([]);
  });

  it('sees a secret that is left and a harmless text that is changed', () => {
    const [attempt] = secretAttempts(seed) as [Attempt];
    expect(leftOf((line) => line, attempt)).not.to.deep.equal([]);
    expect(changedPlaces((line) => `${line} `, attempt)).not.to.deep.equal([]);
  });
});
