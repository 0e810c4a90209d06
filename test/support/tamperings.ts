import { appendFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../../src/crypto/canonical-json.ts';
import { signManifest } from '../../src/export/manifest.ts';
import { writeCheckpoint } from '../../src/proof/signed-note.ts';
import { newSigningKey } from './sealed-log.ts';

/** What a verifier is given besides the folder. */
export interface Given {
  keys: readonly string[];
  checkpoint: string;
}

/** What somebody might do, and the place that every verifier must name first. `foreign`: another export by the same key. */
export interface Tampering {
  readonly what: string;
  readonly place: RegExp;
  readonly tamper: (folder: string, given: Given, foreign: string) => void;
}

const edit = (file: string, change: (bytes: Buffer) => Buffer): void => writeFileSync(file, change(readFileSync(file)));
const editText = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));
const editLines = (file: string, change: (lines: string[]) => readonly string[]): void =>
  editText(file, (text) =>
    change(text.trimEnd().split('\n'))
      .map((line) => `${line}\n`)
      .join(''),
  );

export function flipBit(file: string, at: number, bit = 2): void {
  edit(file, (bytes) => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    return bytes;
  });
}

export const segmentsOf = (log: string): readonly string[] =>
  readdirSync(log)
    .filter((name) => name.endsWith('.seg'))
    .sort()
    .map((name) => join(log, name));
const segment = (log: string, index: number): string => segmentsOf(log)[index] ?? '';
const chainOf = (log: string): string => join(log, 'proof/digests.jsonl');

/** Changes the records of a segment, each with its bytes. */
function editRecords(file: string, change: (records: Buffer[]) => readonly Buffer[]): void {
  edit(file, (bytes) => {
    const records: Buffer[] = [];
    for (let at = 64; at < bytes.length; at += bytes.readUInt32LE(at))
      records.push(bytes.subarray(at, at + bytes.readUInt32LE(at)));
    return Buffer.concat([bytes.subarray(0, 64), ...change(records)]);
  });
}

const store = (what: string, place: RegExp, tamper: Tampering['tamper']): Tampering => ({ what, place, tamper });

/** Of the folder of one log. */
export const logTamperings: readonly Tampering[] = [
  store('a flipped bit in a record', /segment 1, bytes \d+ to \d+/, (log) => flipBit(segment(log, 0), 5000)),
  store('a flipped bit in a segment header', /segment 2, bytes 0 to 64/, (log) => flipBit(segment(log, 1), 30)),
  store('a cut segment', /segment 1, byte|segment 1: it ends/, (log) =>
    edit(segment(log, 0), (bytes) => bytes.subarray(0, -500)),
  ),
  store('a dropped record', /segment 1/, (log) => editRecords(segment(log, 0), (all) => all.toSpliced(9, 1))),
  store('two swapped records', /segment 1/, (log) =>
    editRecords(segment(log, 0), ([a, b, c, ...rest]) => [a, c, b, ...rest] as Buffer[]),
  ),
  store('a repeated record', /segment 1/, (log) => editRecords(segment(log, 0), (all) => all.toSpliced(9, 0, all[8] as Buffer))),
  store('a record put in at the end', /segment 1, byte/, (log) =>
    editRecords(segment(log, 0), (all) => [...all, all.at(-1) as Buffer]),
  ),
  store('a record of another segment', /segment 1/, (log) => {
    let other: Buffer | undefined;
    editRecords(segment(log, 1), (all) => {
      other = all.at(-1);
      return all;
    });
    editRecords(segment(log, 0), (all) => all.toSpliced(9, 1, other as Buffer));
  }),
  store('a dropped segment', /segment 2/, (log) => rmSync(segment(log, 1))),
  store('a segment in the place of another', /segment 1/, (log) => cpSync(segment(log, 1), segment(log, 0))),
  store('two swapped segments', /segment 1/, (log) => {
    const [a, b] = [segment(log, 0), segment(log, 1)];
    renameSync(a, `${a}.aside`);
    renameSync(b, a);
    renameSync(`${a}.aside`, b);
  }),
  store('changed counts in a digest', /digest 1/, (log) =>
    editText(chainOf(log), (text) => text.replace('"records":', '"records":1')),
  ),
  store('a dropped digest', /digest 1/, (log) => editLines(chainOf(log), (lines) => lines.slice(2))),
  store('two swapped digests', /digest 1/, (log) =>
    editLines(chainOf(log), ([a, b, c, d, ...rest]) => [c, d, a, b, ...rest] as string[]),
  ),
  store('a forged signature', /digest 2/, (log) => editLines(chainOf(log), (lines) => lines.with(3, lines[1] ?? ''))),
  store('a digest by another key', /digest 1/, (log) => {
    const key = newSigningKey();
    editLines(chainOf(log), ([document = '', , ...rest]) => [document, lineBy(key, document), ...rest]);
  }),
  store('a chain that was cut within a digest', /the end of the chain/, (log) =>
    edit(chainOf(log), (bytes) => bytes.subarray(0, -30)),
  ),
  store('a tail that was rolled back whole', /the end of the chain/, (log) => {
    editLines(chainOf(log), (lines) => lines.slice(0, 2));
    for (const file of segmentsOf(log).slice(1)) rmSync(file);
  }),
  store('digests that are gone', /the chain/, (log) => rmSync(chainOf(log))),
  store('a wrong key', /digest 1/, (_, given) => {
    given.keys = [newSigningKey().publicPem];
  }),
  store('a checkpoint that somebody else signed', /the checkpoint/, (_, given) => {
    const [origin = '', size = ''] = given.checkpoint.split('\n');
    given.checkpoint = writeCheckpoint({ origin, size: Number(size), root: new Uint8Array(32) }, newSigningKey());
  }),
  store('a checkpoint that was changed', /the checkpoint/, (_, given) => {
    given.checkpoint = given.checkpoint.replace(/\n\d+\n/, '\n1\n');
  }),
];

function lineBy(key: ReturnType<typeof newSigningKey>, text: string): string {
  return canonicalJson({ algorithm: 'ed25519', key: '0'.repeat(32), signature: Buffer.from(key.sign(text)).toString('base64') });
}

const inFile = (name: string, what: string, place: RegExp, change: (file: string) => void): Tampering => ({
  what: `${what} in ${name}`,
  place,
  tamper: (folder) => change(join(folder, name)),
});

/** Of an export. Another whole export by the same key is at hand. */
export const exportTamperings: readonly Tampering[] = [
  inFile('events.jsonl', 'a flipped bit', /events\.jsonl, lines 1 to 100/, (file) => flipBit(file, 2000)),
  inFile('events.jsonl', 'a dropped line', /events\.jsonl, lines 101 to 200/, (file) =>
    editLines(file, (all) => all.toSpliced(150, 1)),
  ),
  inFile('events.jsonl', 'two swapped lines', /events\.jsonl, lines 101 to 200/, (file) =>
    editLines(file, (all) => all.toSpliced(150, 2, all[151] ?? '', all[150] ?? '')),
  ),
  inFile('events.jsonl', 'a repeated line', /events\.jsonl, lines 101 to 200/, (file) =>
    editLines(file, (all) => all.toSpliced(150, 0, all[149] ?? '')),
  ),
  inFile('events.jsonl', 'a line put in at the end', /events\.jsonl/, (file) => appendFileSync(file, '{}\n')),
  inFile('events.csv', 'a changed cell', /events\.csv, lines 1 to 100/, (file) =>
    editText(file, (text) => text.replace(',list,', ',get,')),
  ),
  inFile('events.jsonl', 'a cut end', /events\.jsonl/, (file) => edit(file, (bytes) => bytes.subarray(0, -700))),
  inFile('events.parquet', 'a flipped bit', /events\.parquet, bytes 1 to/, (file) => flipBit(file, 3000)),
  inFile('access.csv', 'an emptied file', /access\.csv/, (file) => writeFileSync(file, '')),
  inFile('findings.jsonl', 'a removed file', /findings\.jsonl/, (file) => rmSync(file)),
  inFile('notes.jsonl', 'an emptied file', /notes\.jsonl/, (file) => writeFileSync(file, '')),
  inFile('report.html', 'edited text', /report\.html/, (file) => editText(file, (text) => text.replace('Masking', 'Maskings'))),
  inFile('manifest.json', 'changed counts', /manifest\.json/, (file) =>
    editText(file, (text) => text.replace(/"recordsRead":\d+/, '"recordsRead":1')),
  ),
  inFile('manifest.json', 'a removed manifest', /manifest\.json/, (file) => rmSync(file)),
  inFile('manifest.sig', 'a removed signature', /manifest\.sig/, (file) => rmSync(file)),
  {
    what: 'a manifest that somebody else signed',
    place: /manifest\.json/,
    tamper: (folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Parameters<typeof signManifest>[0];
      const signed = signManifest({ ...manifest, by: 'mallory' }, newSigningKey());
      writeFileSync(join(folder, 'manifest.json'), signed.manifest);
      writeFileSync(join(folder, 'manifest.sig'), signed.signature);
    },
  },
  {
    what: 'a file of another export',
    place: /events\.jsonl/,
    tamper: (folder, _, foreign) => cpSync(join(foreign, 'events.jsonl'), join(folder, 'events.jsonl')),
  },
  {
    what: 'the manifest of another export',
    place: /events\.(jsonl|csv)/,
    tamper: (folder, _, foreign) => {
      for (const name of ['manifest.json', 'manifest.sig']) cpSync(join(foreign, name), join(folder, name));
    },
  },
  {
    what: 'a file that was put in',
    place: /events-2\.jsonl/,
    tamper: (folder) => writeFileSync(join(folder, 'events-2.jsonl'), '{}\n'),
  },
  {
    what: 'a wrong key',
    place: /manifest\.json/,
    tamper: (_, given) => {
      given.keys = [newSigningKey().publicPem];
    },
  },
  inFile('proof/events.jsonl.blocks', 'changed hashes', /proof\/events\.jsonl\.blocks/, (file) => flipBit(file, 3)),
];
