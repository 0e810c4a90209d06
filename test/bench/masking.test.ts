import { expect } from 'chai';
import type { Masker } from '../../bench/masking/maskers.ts';
import { auditveilMasker } from '../../bench/masking/maskers.ts';
import { type MaskingReport, writePage } from '../../bench/masking/page.ts';
import { everydaySource, generatedSource, type Sample } from '../../bench/masking/samples.ts';
import { judge, scoreOf } from '../../bench/masking/score.ts';
import { vectorSources } from '../../bench/masking/vectors.ts';

const masker = (mask: (line: string) => string): Masker => ({
  name: 'test',
  version: '1',
  mask: (lines) => ({ lines: lines.map(mask), seconds: 1 }),
});
const nothing = masker((line) => line);
const everything = masker(() => '{}');
const { samples } = generatedSource(1, 1);

describe('bench/masking', () => {
  it('makes the same events from the same seed and others from another', () => {
    const text = (seed: number): string =>
      generatedSource(seed, 1)
        .samples.map(({ line }) => line)
        .join('\n');
    expect(text(1)).to.equal(text(1));
    expect(text(1)).not.to.equal(text(2));
    expect(everydaySource(1, 0.2).samples).to.deep.equal(everydaySource(1, 0.2).samples);
  });

  it('plants what it looks for: masking nothing leaves every secret, in every encoding it uses', () => {
    const score = scoreOf(samples, judge(nothing, samples));
    expect(score.positives).to.be.greaterThan(400);
    expect(score).to.include({ cleaned: 0, changed: 0 });
    const everyday = everydaySource(1, 1).samples;
    const { positives, cleaned } = scoreOf(everyday, judge(nothing, everyday));
    expect([positives > 20, cleaned]).to.deep.equal([true, 0]);
  });

  it('counts what is changed where nothing is secret, and a stub as a miss', () => {
    const all = scoreOf(samples, judge(everything, samples));
    expect([all.cleaned, all.changed]).to.deep.equal([all.positives, all.negatives]);
    const stubs = scoreOf(
      samples,
      judge(
        masker(() => '{"stub":true}'),
        samples,
      ),
    );
    expect([stubs.cleaned, stubs.changed]).to.deep.equal([0, all.negatives]);
  });

  it('refuses to judge a masker that loses lines', () => {
    const lossy: Masker = { ...nothing, mask: (lines) => ({ lines: lines.slice(1), seconds: 1 }) };
    expect(() => judge(lossy, samples)).to.throw('lines for');
  });

  it('writes each event as one valid line', () => {
    for (const { line } of samples) {
      expect(line).not.to.include('\n');
      expect(() => void JSON.parse(line)).not.to.throw();
    }
  });

  it('runs the shipped packs over the events, one line out for each, and cleans those known by name or place', async () => {
    const named = samples.filter(({ kind, secrets }) => kind === 'password' && secrets.length > 0);
    const { positives, cleaned, megabytesPerSecond } = scoreOf(named, judge(await auditveilMasker('1'), named));
    expect([positives > 20, cleaned]).to.deep.equal([true, positives]);
    expect(megabytesPerSecond).to.be.greaterThan(0);
  }).timeout(60_000);

  it('has no sources of vectors where their folder is not there', () => {
    expect(vectorSources('/does/not/exist')).to.deep.equal([]);
  });

  it('writes a page that never quotes a value', () => {
    const score = scoreOf(samples, judge(nothing, samples));
    const rows = [{ name: 'row', scores: [score] }];
    const machine = { cpu: 'C', cpus: 1, memoryGiB: 1, kernel: 'k', node: 'v20', commit: 'abc' };
    const maskers = [{ name: 'test', version: '1' }];
    const report: MaskingReport = { maskers, machine, command: 'x', sources: rows, kinds: rows, places: rows, harmless: rows };
    const page = writePage(report);
    expect(page).to.include('| row | ');
    const quoted = samples.flatMap(({ secrets }: Sample) => secrets).filter((secret) => page.includes(secret));
    expect(quoted).to.deep.equal([]);
  });
});
