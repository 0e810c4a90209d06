import { createReadStream, readdirSync } from 'node:fs';
import path from 'node:path';
import { recordFlags, recordTypes } from '../../src/core/record.ts';
import { openLogReader } from '../../src/log/open-log-reader.ts';

export interface LogTally {
  /** Records by auditID. */
  readonly seen: ReadonlyMap<string, number>;
  readonly stubs: number;
}

const auditIDOf = ({ auditID = '' }: { readonly auditID?: string }): string => auditID;

/** Every event of the events log in a data folder, read as any reader would; by auditID, or by what `keyOf` says. */
export async function readEvents(
  data: string,
  keyOf: (event: { readonly auditID?: string; readonly stage?: string }) => string = auditIDOf,
): Promise<LogTally> {
  const reader = await openLogReader({ directory: path.join(data, 'events') });
  const seen = new Map<string, number>();
  let stubs = 0;
  try {
    for await (const batch of reader.read(new AbortController().signal, { follow: false })) {
      for (const record of batch.records) {
        if (record.type !== recordTypes.event) continue;
        if ((record.flags & recordFlags.stub) !== 0) stubs++;
        const key = keyOf(JSON.parse(Buffer.from(record.payload).toString('utf8')) as { auditID?: string });
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
    }
  } finally {
    await reader.close();
  }
  return { seen, stubs };
}

/** Files below a folder that hold a text. */
export async function filesWith(folder: string, text: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (await holds(path.join(folder, name), text)) found.push(name);
  return found;
}

async function holds(file: string, text: string): Promise<boolean> {
  let before = '';
  try {
    for await (const chunk of createReadStream(file, {
      encoding: 'latin1',
      highWaterMark: 1024 * 1024,
    }) as AsyncIterable<string>) {
      if ((before + chunk).includes(text)) return true;
      before = chunk.slice(-text.length);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
  }
  return false;
}
