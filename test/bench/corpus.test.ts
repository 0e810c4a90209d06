import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { type CorpusReport, writeCorpus } from '../../bench/corpus.ts';

interface Truth {
  readonly line: number;
  readonly auditID: string;
  readonly kind: string;
  readonly value: string;
}

describe('bench/corpus', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-corpus-'));
  const make = (
    name: string,
    seed: number,
  ): { readonly report: CorpusReport; readonly text: string; readonly truth: readonly Truth[] } => {
    const file = path.join(directory, name);
    const report = writeCorpus({ megabytes: 4, seed, file });
    const truth = readFileSync(`${file}.truth.jsonl`, 'utf8').trimEnd().split('\n');
    return { report, text: readFileSync(file, 'utf8'), truth: truth.map((line) => JSON.parse(line) as Truth) };
  };
  const first = make('a.log', 5);
  const lines = first.text.trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { readonly level: string; readonly auditID: string });

  after(() => rmSync(directory, { recursive: true, force: true }));

  it('gives the same bytes for the same seed, and others for another', () => {
    expect(make('b.log', 5).text === first.text).to.equal(true);
    expect(make('c.log', 6).text === first.text).to.equal(false);
  });

  it('is as large as asked for, one event a line', () => {
    expect(Buffer.byteLength(first.text)).to.be.within(4_000_000, 4_200_000);
    expect(lines.length).to.equal(first.report.events);
    expect(new Set(events.map(({ auditID }) => auditID)).size).to.equal(events.length);
  });

  it('has the levels of a real log in number and in bytes', () => {
    const shareOf = (level: string): { readonly events: number; readonly bytes: number } => {
      const chosen = lines.filter((_, i) => events[i]?.level === level);
      return { events: chosen.length / lines.length, bytes: chosen.join('\n').length / first.text.length };
    };
    expect(shareOf('Metadata').events).to.be.within(0.66, 0.74);
    expect(shareOf('RequestResponse').events).to.be.within(0.07, 0.13);
    expect(shareOf('Metadata').bytes).to.be.within(0.12, 0.3);
    expect(shareOf('RequestResponse').bytes).to.be.within(0.4, 0.65);
  });

  it('says of every planted secret in which line it is', () => {
    const lost = first.truth.filter(({ line, auditID, kind, value }) => {
      const escaped = JSON.stringify(value).slice(1, -1);
      // Keys inside a Secret stand there in base64, as planted values of their own.
      const inSecret = (kind === 'pem' || kind === 'jwt') && lines[line]?.includes('"kind":"Secret"');
      return events[line]?.auditID !== auditID || (!inSecret && !lines[line]?.includes(escaped.slice(0, 40)));
    });
    expect(lost.map(({ line, kind }) => `${kind} in line ${line}`)).to.deep.equal([]);
    expect(first.truth.length).to.be.greaterThan(500);
  });

  it('holds what a round trip through JavaScript would change', () => {
    expect(first.text).to.include('9007199254740993').and.to.include('1.0e+3').and.to.include('\\u003c').and.to.include('支払い');
  });
});
