import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { followKeys, introductionsIn } from '../proof/follow-keys.ts';
import { merkleRoot } from '../proof/merkle.ts';
import { ByteBlocks } from './byte-blocks.ts';
import { LineBlocks, linesPerBlock } from './line-blocks.ts';
import {
  blocksFileOf,
  type ExportedFile,
  keysFile,
  type Manifest,
  manifestFile,
  readManifest,
  signatureFile,
} from './manifest.ts';

export interface ExportProblem {
  readonly place: string;
  readonly what: string;
}

export interface ExportVerification {
  /** Undefined where it is none, or none of the keys signed it. */
  readonly manifest: Manifest | undefined;
  readonly problems: readonly ExportProblem[];
}

/** Checks an export against its signed manifest: every byte of every file, and that the counts add up. */
export async function verifyExport(directory: string, publicPems: readonly string[]): Promise<ExportVerification> {
  const [text, signature] = await Promise.all([manifestFile, signatureFile].map((name) => readText(`${directory}/${name}`)));
  if (text === undefined || signature === undefined)
    return {
      manifest: undefined,
      problems: [{ place: text === undefined ? manifestFile : signatureFile, what: 'it is missing' }],
    };
  const introductions = introductionsIn((await readText(`${directory}/${keysFile}`)) ?? '');
  const manifest = readManifest(text, signature, followKeys(introductions, publicPems));
  if (manifest === 'malformed') return { manifest: undefined, problems: [{ place: manifestFile, what: 'it is no manifest' }] };
  if (manifest === 'unsigned')
    return { manifest: undefined, problems: [{ place: manifestFile, what: 'none of the keys signed it as it is' }] };
  const problems: ExportProblem[] = [];
  for (const file of manifest.files) {
    const problem = await checkFile(directory, file);
    if (problem) problems.push(problem);
  }
  return { manifest, problems: [...problems, ...unbalanced(manifest), ...(await foreignFiles(directory, manifest))] };
}

/** Files that were put beside those of the export. */
async function foreignFiles(directory: string, { files }: Manifest): Promise<readonly ExportProblem[]> {
  const own = new Set([...files.flatMap(({ name }) => [name, blocksFileOf(name)]), manifestFile, signatureFile, 'proof']);
  const inner = await readdir(`${directory}/proof`).catch((): string[] => []);
  const names = [...(await readdir(directory)), ...inner.map((name) => `proof/${name}`)];
  const foreign = names.filter((name) => !own.has(name)).sort();
  return foreign.map((place) => ({ place, what: 'it is not part of the export' }));
}

function unbalanced({ counts, files }: Manifest): readonly ExportProblem[] {
  const { recordsRead, eventsExported, findingsExported, notesExported } = counts;
  const holds = (name: string, count: number): boolean => (files.find((file) => file.name === name)?.lines ?? count) === count;
  const adds = recordsRead === eventsExported + findingsExported + notesExported;
  const fits =
    holds('events.jsonl', eventsExported) && holds('findings.jsonl', findingsExported) && holds('notes.jsonl', notesExported);
  return adds && fits ? [] : [{ place: manifestFile, what: 'its counts do not add up' }];
}

async function checkFile(directory: string, file: ExportedFile): Promise<ExportProblem | undefined> {
  const path = `${directory}/${file.name}`;
  const sums = await (file.blockBytes === undefined ? sumUp(path) : sumUpBytes(path));
  if (sums === undefined) return { place: file.name, what: 'it is missing' };
  const isSame = sums.sha256 === file.sha256 && sums.bytes === file.bytes;
  const listed = await signedBlocks(directory, file);
  if (isSame) return listed ? undefined : { place: blocksFileOf(file.name), what: 'not as it was signed' };
  if (!listed) return { place: file.name, what: 'not as it was signed' };
  const changed = listed.findIndex((block, index) => sums.blocks[index] !== block);
  const [unit, size, signed, found] =
    file.blockBytes === undefined
      ? (['line', linesPerBlock, file.lines ?? 0, sums.lines] as const)
      : (['byte', file.blockBytes, file.bytes, sums.bytes] as const);
  if (changed >= 0) {
    const last = Math.min((changed + 1) * size, Math.max(signed, found));
    return { place: `${file.name}, ${unit}s ${changed * size + 1} to ${last}`, what: 'not as it was signed' };
  }
  const what = found > signed ? `it has ${found} ${unit}s, ${signed} were signed` : 'not as it was signed';
  return { place: `${file.name}, after ${unit} ${signed}`, what };
}

interface FileSums {
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly blocks: readonly string[];
}

/** Of a file of bytes. Undefined where it is missing. */
async function sumUpBytes(path: string): Promise<FileSums | undefined> {
  const blocks = new ByteBlocks();
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) blocks.push(chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return { lines: 0, ...blocks.sums() };
}

/** Hashes of a file's blocks; undefined where they are not those that were signed. */
async function signedBlocks(directory: string, { name, root }: ExportedFile): Promise<readonly string[] | undefined> {
  const text = await readText(`${directory}/${blocksFileOf(name)}`);
  const blocks = text?.split('\n').slice(0, -1) ?? [];
  const isWhole = text !== undefined && /^(?:[0-9a-f]{64}\n)*$/.test(text);
  const signed = Buffer.from(merkleRoot(blocks.map((block) => Buffer.from(block, 'hex')))).toString('hex') === root;
  return isWhole && signed ? blocks : undefined;
}

/** Undefined where the file is missing. */
async function sumUp(path: string): Promise<FileSums | undefined> {
  const blocks = new LineBlocks();
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        blocks.push(bytes.subarray(from, end + 1));
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (rest.length > 0) blocks.push(rest);
  return blocks.sums();
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
