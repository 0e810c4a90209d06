import { expect } from 'chai';
import fc from 'fast-check';
import { LineFramer } from '../../../src/sources/frames/line-framer.ts';
import { LineShaper } from '../../../src/sources/frames/line-shape.ts';
import { frame, framing } from './framing.ts';
import { auditEvent } from './wrapped-samples.ts';

type Write = (parts: readonly string[], stream: string) => string[];
const time = '2026-05-04T09:12:33.127649123Z';
const cri: Write = (parts, stream) => parts.map((part, i) => `${time} ${stream} ${i === parts.length - 1 ? 'F' : 'P'} ${part}`);
const docker: Write = (parts, stream) =>
  parts.map((part, i) => JSON.stringify({ log: i === parts.length - 1 ? `${part}\n` : part, stream, time }));

/** A text in pieces of some size, never within a character. */
const cut = (text: string, size: number): string[] => {
  const characters = [...text];
  const parts: string[] = [];
  for (let at = 0; at < characters.length; at += size) parts.push(characters.slice(at, at + size).join(''));
  return parts;
};

/** Two streams between each other, each in its own order. */
const merge = (a: readonly string[], b: readonly string[], picks: readonly boolean[]): string[] => {
  const [first, second] = [[...a], [...b]];
  const lines: string[] = [];
  for (let i = 0; first.length + second.length > 0; i++)
    lines.push(...(picks[i % picks.length] && first.length > 0 ? first : second.length > 0 ? second : first).splice(0, 1));
  return lines;
};

const notes = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 });

describe('sources/frames/line-shape', () => {
  for (const [name, write] of Object.entries({ 'a container runtime': cri, Docker: docker })) {
    it(`joins lines that ${name} cut, whatever the sizes and whatever stands between`, () => {
      fc.assert(
        fc.property(
          notes,
          notes,
          fc.integer({ min: 1, max: 60 }),
          fc.array(fc.boolean(), { minLength: 1 }),
          (out, error, size, picks) => {
            const outEvents = out.map((note, i) => auditEvent(`out-${i}`, note));
            const errorEvents = error.map((note, i) => auditEvent(`err-${i}`, note));
            const lines = merge(
              outEvents.flatMap((event) => write(cut(event, size), 'stdout')),
              errorEvents.flatMap((event) => write(cut(event, size), 'stderr')),
              picks,
            );
            const bytes = Buffer.from(`${lines.join('\n')}\n`);
            const framer = new LineFramer(framing('split'));
            const seen = frame(framer, bytes, [37]);
            const of = (stream: string) => seen.map((e) => e.text).filter((text) => text.includes(`"${stream}-`));
            expect(of('out')).to.deep.equal(outEvents);
            expect(of('err')).to.deep.equal(errorEvents);
            expect(framer.taken).to.equal(bytes.length);
          },
        ),
        { numRuns: 60 },
      );
    });

    it(`does not say that bytes of ${name} are accounted for while a part is missing`, () => {
      const [first = '', second = ''] = write(cut(auditEvent('a'), 60), 'stdout');
      const other = write([auditEvent('b')], 'stderr')[0] ?? '';
      const framer = new LineFramer(framing('split'));
      const before = `${auditEvent('0')}\n`;
      const text = `${before}${first}\n${other}\n`;
      framer.space().set(Buffer.from(text));
      framer.filled(text.length);
      framer.take();
      expect(framer.taken).to.equal(before.length);
      framer.space().set(Buffer.from(`${second}\n`));
      framer.filled(second.length + 1);
      framer.take();
      expect(framer.taken).to.equal(text.length + second.length + 1);
    });
  }

  it('calls a line whose last part never came torn', () => {
    for (const write of [cri, docker]) {
      const [first = ''] = write(cut(auditEvent('a'), 60), 'stdout');
      expect(frame(new LineFramer(framing('split')), Buffer.from(`${first}\n`)).map((e) => e.reason)).to.deep.equal(['torn']);
    }
  });

  it('keeps as many lines as there were where the shape is kept, with everything in the last', () => {
    const event = auditEvent('a', 'text');
    const lines = docker(cut(event, 50), 'stdout');
    const seen = frame(new LineFramer(framing('whole')), Buffer.from(`${lines.join('\n')}\n`)).map(
      (e) => (JSON.parse(e.text) as { log: string }).log,
    );
    expect(seen.length).to.equal(lines.length);
    expect(seen.join('')).to.equal(`${event}\n`);
  });

  it('hands over the prefix of a line where the shape is kept', () => {
    const framer = new LineFramer(framing('whole'));
    const text = `${cri(cut(auditEvent('a'), 100), 'stdout').join('\n')}\n2026-05-04T09:12:33Z ${auditEvent('b')}\nhost-1 ${auditEvent('c')}\n`;
    framer.space().set(Buffer.from(text));
    framer.filled(text.length);
    const prefixes = framer.take().flatMap((tile) => tile.prefixes ?? Array.from({ length: tile.count }, () => ''));
    expect(prefixes).to.deep.equal([`${time} stdout P \n${time} stdout F `, '2026-05-04T09:12:33Z ', '']);
  });

  it('leaves out what a container says on the other stream, and refuses what it says on this one', () => {
    const log = 'I0504 09:12:33.127649 1 server.go:1] started';
    for (const write of [cri, docker]) {
      const leftOut: string[] = [];
      const reasons = (stream: string) =>
        frame(
          new LineFramer({ ...framing('split'), leftOut: (reason) => leftOut.push(reason) }),
          Buffer.from(`${write([log], stream).join('\n')}\n`),
        ).map((e) => e.text);
      expect(reasons('stderr')).to.deep.equal([]);
      expect(reasons('stdout').length).to.equal(1);
      expect(leftOut).to.deep.equal(['standard-error']);
    }
  });

  it('counts text before an event that is dropped, and none that stays, whether lists are split or not', () => {
    for (const lists of ['split', 'whole'] as const) {
      const leftOut: string[] = [];
      const lines = [
        `node-7 ${auditEvent('a')}`,
        `${time} stdout F ${auditEvent('b')}`,
        `${time} ${auditEvent('c')}`,
        auditEvent('d'),
      ];
      const framer = new LineFramer({ ...framing(lists), leftOut: (reason) => leftOut.push(reason) });
      expect(frame(framer, Buffer.from(lines.join('\n')))).to.have.length(4);
      expect(leftOut).to.deep.equal(['text-before-event']);
    }
  });

  it('names the legacy format, also in a line of a container', () => {
    const legacy = `${time} AUDIT: id="a" stage="ResponseComplete"`;
    for (const line of [
      legacy,
      cri([legacy], 'stdout')[0],
      docker([legacy], 'stdout')[0],
      cri(cut(legacy, 20), 'stdout').join('\n'),
    ])
      expect(
        frame(new LineFramer(framing('split')), Buffer.from(`${line}\n`)).map((e) => e.reason),
        line,
      ).to.deep.equal(['unsupported-format']);
  });

  it('finds where the JSON of a line begins', () => {
    const line = Buffer.from(`${time} stdout F {"a"`);
    expect(new LineShaper('split').bodyStart(line, 0, line.length)).to.equal(line.length - 4);
    expect(new LineShaper('split').bodyStart(Buffer.from('{"a":1}'), 0, 7)).to.equal(0);
  });
});
