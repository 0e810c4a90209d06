import { expect } from 'chai';
import fc from 'fast-check';
import { columnsOf } from '../../../src/cli/printable.ts';
import { lineText } from '../../../src/cli/styled-line.ts';
import { type Key, KeyReader } from '../../../src/cli/tail/keys.ts';
import { Painter } from '../../../src/cli/tail/painter.ts';
import { type Effect, Screen, type ScreenOptions } from '../../../src/cli/tail/screen.ts';
import { ZoneClock } from '../../../src/cli/zone-clock.ts';
import type { FindingDetail } from '../../../src/web/api.ts';
import { aFinding, type FindingParts, pseudonym } from './a-finding.ts';

const nowMs = Date.parse('2026-05-04T10:00:00Z');
const options: ScreenOptions = { title: 'data', clock: new ZoneClock('UTC'), most: 1000, isSilenced: () => false };

class Trial {
  readonly screen: Screen;
  readonly #keys = new KeyReader();

  constructor(count: number, more: Partial<ScreenOptions> = {}) {
    this.screen = new Screen({ ...options, ...more });
    this.screen.resize(80, 24);
    for (let i = 0; i < count; i++) this.put(`f${i}`);
  }

  put(id: string, parts: FindingParts = {}): void {
    this.screen.list.put({ finding: aFinding({ id, rule: { name: `Rule ${id}` }, ...parts }), state: 'open' });
  }

  type(text: string): readonly Effect[] {
    return this.#keys.read(Buffer.from(text)).flatMap((key) => this.screen.key(key) ?? []);
  }

  get lines(): readonly string[] {
    return this.screen.lines(nowMs).map(lineText);
  }

  get chosen(): string | undefined {
    return /Rule (\S+)/.exec(this.lines.find((line) => line.startsWith('>')) ?? '')?.[1];
  }
}

const detail = (event: string): FindingDetail => ({
  item: { finding: aFinding({ id: 'f0', rule: { name: 'Rule f0' } }), state: 'acknowledged' },
  revisions: [],
  reviews: [
    { note: 'review', at: '2026-05-04T09:30:00Z', by: { name: 'ann' }, action: 'acknowledge', finding: 'f0', text: 'ours' },
  ],
  event,
  around: [
    {
      ...{ digest: 'd', timeMs: Date.parse('2026-05-04T09:13:22Z'), auditID: 'a', user: pseudonym, verb: 'list' },
      ...{ resource: 'pods', namespace: 'shop', name: '', sourceIp: '', userAgent: '', code: 403, decision: 'forbid' },
      ...{ source: 's', isStub: false, rules: ['x'] },
    },
  ],
});

describe('cli/tail/screen', () => {
  it('shows the newest, and stands still once it is moved', () => {
    const trial = new Trial(50);
    expect(trial.chosen).to.equal('f49');
    trial.type('kk');
    trial.put('new');
    expect(trial.chosen).to.equal('f47');
    expect(trial.lines.join('\n')).to.include('paused: 3 below');
    trial.type('g');
    expect([trial.chosen, trial.lines[1]?.[0]]).to.deep.equal(['f0', '>']);
    trial.type('  ');
    expect(trial.chosen).to.equal('f40');
    trial.type('G');
    trial.put('newer');
    expect(trial.chosen).to.equal('newer');
  });

  it('keeps the chosen finding while older ones leave', () => {
    const trial = new Trial(10, { most: 10 });
    trial.type('kkk');
    expect(trial.chosen).to.equal('f6');
    for (let i = 0; i < 5; i++) trial.put(`n${i}`);
    expect(trial.chosen).to.equal('f6');
    for (let i = 0; i < 50; i++) trial.put(`m${i}`);
    expect(trial.chosen).to.match(/^m/);
    expect(trial.lines[0]).to.include('older ones left');
  });

  it('filters while it is typed; Escape takes the filter back', () => {
    const trial = new Trial(50);
    trial.type('/f4');
    expect(trial.lines[0]).to.include('11 of 50 findings').and.to.include('/f4');
    trial.type('1');
    expect(trial.chosen).to.equal('f41');
    trial.type('\u007f\r');
    expect(trial.lines[0]).to.include('11 of 50');
    trial.type('/x');
    expect(trial.lines.join('\n')).to.include('Nothing here fits the filter');
    trial.type('\u001b');
    expect(trial.lines[0]).to.include('11 of 50');
    trial.type('\u001b');
    expect(trial.lines[0]).to.include(' 50 findings');
  });

  it('narrows to severities, people and one user', () => {
    const trial = new Trial(3);
    trial.put('low', { rule: { name: 'Rule low', severity: 'low' }, event: { user: 'system:serviceaccount:a:b' } });
    trial.type('u');
    expect(trial.lines[0]).to.include('1 of 4').and.to.include('/system:serviceaccou');
    trial.type('uh');
    expect(trial.lines[0]).to.include('3 of 4').and.to.include('people only');
    trial.type('h++');
    expect(trial.lines[0]).to.include('3 of 4').and.to.include('from medium on');
    trial.type('--');
    expect(trial.lines[0]).to.include(' 4 findings');
  });

  it('opens a finding: what is known at once, then event, reviews and what the same user did', () => {
    const trial = new Trial(1);
    const [effect] = trial.type('\r');
    expect(effect).to.include({ type: 'detail' });
    expect(trial.lines.join('\n')).to.include(pseudonym).and.to.include('Looking for the event');
    trial.screen.show('other', { problem: 'no' });
    trial.screen.show('f0', detail(`{"a":"${'b'.repeat(300)}\\u001b[31m"}`));
    trial.screen.resize(60, 80);
    const text = trial.lines.join('\n');
    expect(text)
      .to.include('Reviews: acknowledged')
      .and.to.match(/acknowledge by ann: ours/);
    expect(text).to.match(/09:13:22 -60s +403 list pods shop {2}\(1 rule\)/);
    expect(text.match(/b/g)?.length).to.be.at.least(300);
    trial.screen.show('f0', { problem: 'the folder is gone' });
    expect(trial.lines.join('\n')).to.include('the folder is gone');
    trial.type('q');
    expect(trial.chosen).to.equal('f0');
  });

  it('says where an event is too long to be shown whole', () => {
    const trial = new Trial(1);
    trial.type('\r');
    trial.screen.show('f0', detail(JSON.stringify({ a: 'b'.repeat(300_000) })));
    trial.type('G');
    const began = process.cpuUsage();
    for (let i = 0; i < 200; i++) expect(trial.lines.join('\n')).to.match(/\(3\d{4} more characters/);
    // Wrapped once, not two hundred times.
    expect(process.cpuUsage(began).user / 1000).to.be.lessThan(2000);
  });

  it('asks for a note before a review, and for what, how long and why before a silence', () => {
    const trial = new Trial(1);
    expect(trial.type('a')).to.deep.equal([]);
    expect(trial.lines.at(-2)).to.match(/^acknowledge, with a note: _/);
    expect(trial.type('not us\r')).to.deep.equal([{ type: 'review', finding: 'f0', action: 'acknowledge', text: 'not us' }]);
    expect(trial.type('x\r')).to.deep.equal([{ type: 'review', finding: 'f0', action: 'close', text: '' }]);
    expect(trial.type('a\u001b')).to.deep.equal([]);
    trial.type('s');
    expect(trial.lines.at(-2)).to.match(/silence this rule: \[u\] of user~3f2a91bc {2}\[n\] in shop {2}\[r\] everywhere/);
    expect(trial.type('?n\u0015soon\r')).to.deep.equal([]);
    expect(trial.lines.at(-2)).to.include('write 30m, 8h or 7d');
    expect(trial.type('2h\rnightly job\r')).to.deep.equal([
      { type: 'silence', match: { rule: 'r-1', namespace: 'shop' }, durationMs: 7_200_000, text: 'nightly job' },
    ]);
  });

  it('says why nothing can be reviewed where that is so', () => {
    const trial = new Trial(1, { readOnly: 'this token only reads' });
    expect(trial.type('a')).to.deep.equal([]);
    expect(trial.lines.at(-2)).to.match(/^this token only reads/);
  });

  it('quits, suspends, helps', () => {
    const trial = new Trial(1);
    expect(trial.type('?q').length).to.equal(0);
    expect(trial.type('\u001a\u000c').map(({ type }) => type)).to.deep.equal(['suspend', 'redraw']);
    expect(trial.type('?')).to.deep.equal([]);
    expect(trial.lines.join('\n')).to.include('filter while you type');
    expect(trial.type('qq').map(({ type }) => type)).to.deep.equal(['quit']);
    expect(trial.type('/abc\u0003\u0003').map(({ type }) => type)).to.deep.equal(['quit']);
  });

  it('fills exactly the screen whatever comes, is typed, and however small it is; only its own sequences come out', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const key = fc.oneof(
      fc.constantFrom<Key>(
        { type: 'named', name: 'enter' },
        { type: 'named', name: 'escape' },
        { type: 'named', name: 'page-up' },
      ),
      fc.constantFrom(...'jkgGhuzaxsr?/ +-np').map((one): Key => ({ type: 'text', text: one })),
      text.filter((one) => one !== '').map((one): Key => ({ type: 'text', text: one })),
    );
    const what = fc.record({ name: text, user: text, intent: text, evidence: fc.dictionary(text, fc.array(text)) });
    fc.assert(
      fc.property(
        fc.array(what, { maxLength: 6 }),
        fc.array(key, { maxLength: 12 }),
        fc.nat(90),
        fc.nat(30),
        (found, typed, columns, rows) => {
          const trial = new Trial(0);
          trial.screen.resize(columns, rows);
          for (const [i, { name, user, intent, evidence }] of found.entries())
            trial.put(String(i), { rule: { name }, event: { user, intent }, evidence });
          for (const one of typed) trial.screen.key(one);
          const lines = trial.screen.lines(nowMs);
          expect(lines).to.have.length(Math.max(1, rows));
          for (const line of lines) expect(columnsOf(lineText(line))).to.equal(Math.max(1, columns));
          for (const ascii of [true, false]) {
            const frame = new Painter(true, ascii).frame(lines, Math.max(1, columns));
            // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
            expect(frame.replace(/\u001b\[(\?2026[hl]|\d+;1H|K|[0-9;]+m)/g, '')).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          }
        },
      ),
    );
  });
});

describe('cli/tail/painter', () => {
  it('writes only lines that changed, and everything after it was made to forget', () => {
    const painter = new Painter(false, false);
    const lines = [[{ text: 'a' }], [{ text: 'b' }]];
    expect(painter.frame(lines, 1)).to.include('\u001b[1;1H\u001b[Ka').and.to.include('\u001b[2;1H\u001b[Kb');
    expect(painter.frame(lines, 1)).to.equal('');
    expect(painter.frame([[{ text: 'a' }], [{ text: 'c' }]], 1))
      .to.include('\u001b[2;1H\u001b[Kc')
      .and.not.to.include('[1;1H');
    painter.forget();
    expect(painter.frame(lines, 1)).to.include('\u001b[1;1H\u001b[Ka');
  });
});
