import { expect } from 'chai';
import { parse } from 'yaml';
import { Edits } from '../../../src/scan/reference/edits.ts';
import { TextParts } from '../../../src/scan/reference/text-parts.ts';
import { readYaml } from '../../../src/scan/reference/yaml-text.ts';

function read(text: string): { json: unknown; parts: TextParts; bytes: Buffer } | undefined {
  const bytes = Buffer.from(text);
  const parts = new TextParts(bytes.length);
  if (!readYaml(bytes, 0, bytes.length, parts)) return undefined;
  return { json: JSON.parse(Buffer.from(parts.bytes.subarray(0, parts.end)).toString()), parts, bytes };
}

/** The text with a mask in place of every occurrence of `value` in the JSON. */
function masked(text: string, value: string): string {
  const { parts, bytes } = read(text)!;
  const json = Buffer.from(parts.bytes.subarray(0, parts.end)).toString('latin1');
  const [here, there] = [new Edits(), new Edits()];
  for (let at = json.indexOf(value); at >= 0; at = json.indexOf(value, at + 1)) {
    here.add(at, at + value.length, Buffer.from('[MASKED:x]'), 0, 2);
  }
  parts.carry(here, bytes, there);
  there.settle();
  let out = '';
  let from = 0;
  for (let i = 0; i < there.count; i++) {
    out += bytes.subarray(from, there.starts[i]).toString() + Buffer.from(there.texts[i]!).toString();
    from = there.ends[i]!;
  }
  return out + bytes.subarray(from).toString();
}

describe('scan/reference/yaml-text', () => {
  it('reads block and flow collections as a YAML library does', () => {
    const texts = [
      'a: 1\nb:\n  c: x\n  d: [1, "two", {e: f}]\n',
      '- a\n- b: c\n  d: e\n-\n  - f\n  - g\n',
      'key:\n- x\n- y: z\nlast: end\n',
      '"quoted key": \'it\'\'s\'\n"esc": "a\\"b\\\\c\\n\\x41"\n',
      'text: |\n  one\n   two\n\n  three\nnext: v\n',
      'plain: several words # and a comment\nurl: https://example.com:8080/x?a=b#c\n',
      'users:\n- name: a\n  user:\n    token: t\n',
      '{a: b, "c": [d, e]}',
      'a: {b: c,\n  d: e}\n',
      'empty:\nnull: ~\n',
    ];
    for (const text of texts) expect(normal(read(text)?.json), text).to.deep.equal(normal([parse(text, { schema: 'failsafe' })]));
  });

  it('reads several documents, and passes over comments, anchors, tags and template lines', () => {
    const text = '%YAML 1.2\n---\n# note\na: &x !!str b\n{{- if .Values.on }}\nc: *x\n{{- end }}\n---\nd: e\n...\n';
    expect(read(text)?.json).to.deep.equal([{ a: 'b', c: '*x' }, { d: 'e' }]);
  });

  it('refuses what is only text, and what is not well-formed', () => {
    for (const text of ['just some text', 'two\nlines', 'a: b\n  c: d\n : e', 'a: "b', '{a: b', '\ta: b\nc', 'x=y\nz=w\n']) {
      expect(read(text), text).to.equal(undefined);
    }
  });

  it('bounds nesting', () => {
    expect(read(`${'- '.repeat(500)}a: b\n`)).to.equal(undefined);
    expect(read(`a: ${'['.repeat(500)}${']'.repeat(500)}\n`)).to.equal(undefined);
  });

  it('puts masks where values stand, so that the text still reads', () => {
    const text =
      "a: SECRET # c\nb: 'SECRET'\nc: \"x SECRET y\"\nd: |\n  SECRET\n  more\ne: [SECRET, f]\ng: x SECRET\nh: SECRET's\n";
    const out = masked(text, 'SECRET');
    expect(out).to.equal(
      "a: '[MASKED:x]' # c\nb: '[MASKED:x]'\nc: \"x [MASKED:x] y\"\nd: |\n  [MASKED:x]\n  more\ne: ['[MASKED:x]', f]\ng: x [MASKED:x]\nh: \"[MASKED:x]'s\"\n",
    );
    expect((parse(out) as Record<string, unknown>)['h']).to.equal("[MASKED:x]'s");
  });
});

/** All scalars as texts, and nothing for nothing: what a failsafe reader and ours agree on. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, normal(v)]));
  if (value === null || value === undefined) return '';
  return String(value).trimEnd();
}
