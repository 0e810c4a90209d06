import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Fault, unreadableFile } from '../core/faults.ts';
import { introductionsIn } from '../proof/follow-keys.ts';
import { auditPath } from '../proof/merkle.ts';
import { fromHex, type LineProof, pairsOf, toHex } from '../proof/proof-document.ts';
import { linesPerBlock } from './line-blocks.ts';
import { blocksFileOf, keysFile, manifestFile, signatureFile } from './manifest.ts';

/** Shows that a line stands in an export. @param line from 1 @throws Fault E_PROVE_LINE where there is none */
export async function proveLine(directory: string, file: string, line: number): Promise<LineProof> {
  const [manifest, signature, listed] = await Promise.all(
    [manifestFile, signatureFile, blocksFileOf(file)].map((name) => readText(`${directory}/${name}`)),
  );
  const keys = await readFile(`${directory}/${keysFile}`, 'utf8').catch(() => '');
  const hashes = fromHex((listed ?? '').split('\n').filter((text) => text !== ''));
  const index = Math.floor((line - 1) / linesPerBlock);
  const block = await linesOf(`${directory}/${file}`, index * linesPerBlock);
  if (index >= hashes.length || block.length < line - index * linesPerBlock)
    throw new Fault(`${file} has no line ${line}`, { code: 'E_PROVE_LINE', remedy: 'Lines are counted from 1.' });
  return {
    ...{ format: 'auditveil.proof/1', kind: 'line', file, line },
    block: block.map((text) => `${text}\n`).join(''),
    path: auditPath(hashes, index).map(toHex),
    ...{ manifest: manifest ?? '', signature: signature ?? '', keys: pairsOf(introductionsIn(keys)) },
  };
}

/** Number of the first line that holds a text; undefined where none does. */
export async function lineWith(path: string, text: string): Promise<number | undefined> {
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: 0 })) {
    number++;
    if (line.includes(text)) return number;
  }
  return undefined;
}

async function linesOf(path: string, from: number): Promise<readonly string[]> {
  const lines: string[] = [];
  let number = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (number++ >= from && lines.length < linesPerBlock) lines.push(part);
    if (lines.length === linesPerBlock) break;
  }
  return lines;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}
