import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextDocument } from '../src/scan/reference/text-document.ts';
import { benchEngine } from './cases/engine.ts';
import { eachTile } from './cases/tiles.ts';
import { corpusFile } from './corpus.ts';

/**
 * Which share of a log's bytes is decoded before it is searched, and of it on the slow path: strings with `\u` escapes beyond ASCII, JSON in JSON,
 * percent, base64, hex, gzip, text that is read by its structure. A string that was met a moment before is not read again and does
 * not count. usage: slow-share.js [FILE] (default: the generated log of 40 MB)
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const file = process.argv[2] ?? corpusFile(path.join(root, 'bench/corpus'), 40);

/** Escapes that are not read in one step: neither of one letter, nor of an ASCII character (`\u003c`, as Go writes `<`). */
const unusual = /(?<!\\)(?:\\\\)*\\u(?!00[0-7])/;

type Way = 'simple escapes' | 'unusual escapes' | 'JSON in JSON' | 'percent' | 'base64, hex, gzip' | 'structure of text';
const sums = new Map<Way, number>();
const isSlow = new WeakMap<TextDocument, boolean>();

/** Counts bytes once: what is inside of a slow text is part of it. */
function note(text: TextDocument, bytes: number, way: Way): void {
  isSlow.set(text, way !== 'simple escapes');
  for (let outer = text.parent; outer; outer = outer.parent) if (isSlow.get(outer)) return;
  sums.set(way, (sums.get(way) ?? 0) + bytes);
}

const { prototype } = TextDocument;
const originals = { decode: prototype.decode, structure: prototype.structure, unpack: prototype.unpack };
prototype.decode = function (parent, spelling, start, end) {
  originals.decode.call(this, parent, spelling, start, end);
  const isUnusual = unusual.test(Buffer.from(parent.bytes.subarray(start, end)).toString('latin1'));
  const json = parent.level > 0 ? 'JSON in JSON' : isUnusual ? 'unusual escapes' : 'simple escapes';
  note(this, end - start, spelling === 'percent' ? 'percent' : json);
};
prototype.structure = function (parent, parts) {
  originals.structure.call(this, parent, parts);
  note(this, parent.end - parent.start, 'structure of text');
};
prototype.unpack = function (parent, encoded, text) {
  originals.unpack.call(this, parent, encoded, text);
  note(this, text.length, 'base64, hex, gzip');
};

const { inspector } = await benchEngine('standard');
const { bytes, events } = eachTile(file, (tile) => void inspector.inspect(tile));
const share = (part: number): string => `${((100 * part) / bytes).toFixed(2)} %`;
const rows = [...sums].map(([way, sum]) => `${way}: ${share(sum)}\n`);
const total = [...sums].reduce((sum, [way, part]) => (way === 'simple escapes' ? sum : sum + part), 0);
process.stdout.write(`${rows.join('')}slow in all: ${share(total)} of ${bytes} bytes, ${events} events\n`);
