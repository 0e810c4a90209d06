import { crc32 } from 'node:zlib';
import { Fault } from '../core/faults.ts';
import type { LogPosition } from '../core/log.ts';
import { type LogFileSystem, readSmallFile, replaceFile } from './file-system.ts';
import { laterFormatFault } from './log-fault.ts';

/** hold: segments the reader still needs are kept. skip: they may be deleted; the reader goes on behind them. */
export type WhenBehind = 'hold' | 'skip';

export interface StoredPosition {
  readonly position: LogPosition;
  readonly whenBehind: WhenBehind;
}

/** Directory of the position files, beside the segments. */
export const positionDirectory = 'readers';
const suffix = '.position';
const positionFileBytes = 4096;
const positionFormat = 1;

/** @throws Fault E_LOG_READER_NAME: the name becomes a file name. */
export function checkReaderName(name: string): void {
  if (/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/.test(name)) return;
  throw new Fault('a reader name has letters, digits, dots, dashes and underscores, at most 64', { code: 'E_LOG_READER_NAME' });
}

function encode(stored: StoredPosition): Uint8Array {
  const { position, whenBehind } = stored;
  const body = JSON.stringify({ format: positionFormat, segment: position.segment, offset: position.offset, whenBehind });
  return Buffer.from(`${body}\n${crc32(body).toString(16)}\n`);
}

function decode(bytes: Uint8Array, directory: string): StoredPosition | undefined {
  const [body, sum] = Buffer.from(bytes).toString('latin1').split('\n');
  if (body === undefined || sum !== crc32(body).toString(16)) return undefined;
  try {
    const { format, segment, offset, whenBehind } = JSON.parse(body) as Partial<Record<string, unknown>>;
    if (typeof format === 'number' && format > positionFormat) throw laterFormatFault(directory, format, positionFormat);
    if (format !== positionFormat || typeof segment !== 'number' || typeof offset !== 'number') return undefined;
    return { position: { segment, offset }, whenBehind: whenBehind === 'skip' ? 'skip' : 'hold' };
  } catch (error) {
    if (error instanceof Fault) throw error;
    return undefined;
  }
}

/** `damaged`: the file is there but its checksum is wrong. */
export async function readPosition(
  fs: LogFileSystem,
  directory: string,
  reader: string,
): Promise<StoredPosition | 'damaged' | undefined> {
  const bytes = await readSmallFile(fs, `${directory}/${positionDirectory}/${reader}${suffix}`, positionFileBytes);
  return bytes && (decode(bytes, directory) ?? 'damaged');
}

/** Returns once the position is on stable storage. */
export async function writePosition(fs: LogFileSystem, directory: string, reader: string, stored: StoredPosition): Promise<void> {
  await replaceFile(fs, `${directory}/${positionDirectory}`, `${reader}${suffix}`, encode(stored));
}

export async function removePosition(fs: LogFileSystem, directory: string, reader: string): Promise<void> {
  await fs.remove(`${directory}/${positionDirectory}/${reader}${suffix}`);
  await fs.syncDirectory(`${directory}/${positionDirectory}`);
}

/** Names of the readers that have a position on disk. */
export async function listReaders(fs: LogFileSystem, directory: string): Promise<string[]> {
  const names = await fs.list(`${directory}/${positionDirectory}`);
  return names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
}
