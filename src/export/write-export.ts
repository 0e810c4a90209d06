import { mkdir, open } from 'node:fs/promises';
import { Fault } from '../core/faults.ts';
import { findingIn } from '../core/finding-in.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import type { SigningKey } from '../crypto/signing-key.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import { checkChain } from '../proof/check-chain.ts';
import { keyIntroductions } from '../proof/follow-keys.ts';
import { merkleRoot } from '../proof/merkle.ts';
import { columnsDictionary, columnsFile } from './columns-dictionary.ts';
import { EventFiles } from './event-files.ts';
import { defaultFormats, type ExportFormat } from './export-formats.ts';
import { FindingFiles } from './finding-files.ts';
import { type ClosedFile, LineFile } from './line-file.ts';
import { blocksFileOf, keysFile, type Manifest, manifestFile, signatureFile, signManifest } from './manifest.ts';
import { noteRow } from './note-tables.ts';
import { PeopleRows } from './people-rows.ts';
import { reportFile, reportPage } from './report-page.ts';
import { Tally } from './tally.ts';

export interface ExportOptions {
  /** Folder of the logs. */
  readonly dataDirectory: string;
  /** Must not exist yet. */
  readonly out: string;
  /** Received at or after this, and before that; milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly framework?: string | undefined;
  /** Legal holds of the data folder. */
  readonly holds?: Manifest['holds'];
  /** What is kept for how long there. */
  readonly retention?: Manifest['retention'];
  /** Default: `defaultFormats`. */
  readonly formats?: readonly ExportFormat[];
  readonly tool: Manifest['tool'];
  readonly by: string;
  readonly key: SigningKey;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Told now and then how many records were read. */
  readonly progress: (records: number) => void;
}

/** Writes an export of both logs: what was asked for, its sums, and a signed manifest. @throws Fault E_EXPORT_OUT, E_LOG_MISSING */
export async function writeExport(options: ExportOptions): Promise<Manifest> {
  await makeFolder(options.out);
  await mkdir(`${options.out}/proof`, { mode: 0o700 });
  const writer = new ExportWriter(options);
  await writer.events();
  await writer.findings();
  return writer.finish();
}

async function makeFolder(out: string): Promise<void> {
  try {
    await mkdir(out, { mode: 0o700 });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new Fault(
      exists ? `${out} exists already` : `${out} cannot be made (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`,
      {
        code: 'E_EXPORT_OUT',
        remedy: exists
          ? 'Name a folder that does not exist: an export is never written over.'
          : 'Name a folder this user may make.',
        cause,
      },
    );
  }
}

class ExportWriter {
  readonly #options: ExportOptions;
  readonly #tally = new Tally();
  readonly #people = new PeopleRows();
  readonly #files: Manifest['files'][number][] = [];

  constructor(options: ExportOptions) {
    this.#options = options;
  }

  async events(): Promise<void> {
    const { out, formats = defaultFormats, tool } = this.#options;
    const files = await EventFiles.open(out, formats, `${tool.name} ${tool.version}`);
    for await (const record of this.#records('events')) {
      if (record.type !== recordTypes.event) continue;
      this.#tally.event(record);
      await files.add(record);
    }
    await this.#put(await files.close());
  }

  async findings(): Promise<void> {
    const { out, formats = defaultFormats, tool } = this.#options;
    const files = await FindingFiles.open(out, formats, tool);
    for await (const record of this.#records('findings')) {
      if (record.type === recordTypes.note) {
        const row = noteRow(record.payload);
        this.#tally.note(row, record.receivedAtUs);
        if (row) this.#people.add(row);
        await files.note(record, row);
      } else if (record.type === recordTypes.finding) {
        const finding = findingIn(record);
        this.#tally.finding(finding, record.receivedAtUs);
        await files.finding(record, finding);
      }
    }
    await this.#put(await files.close());
  }

  /** Records of a log in the time asked for, oldest first. */
  async *#records(log: 'events' | 'findings'): AsyncGenerator<MaskedRecord> {
    const { dataDirectory, sinceMs, untilMs = Number.POSITIVE_INFINITY, signal, progress } = this.#options;
    const start = sinceMs === undefined ? {} : { start: { sinceMs } };
    const reader = await openLogReader({ directory: `${dataDirectory}/${log}`, ...start });
    let read = 0;
    try {
      for await (const batch of reader.read(signal, { follow: false })) {
        for (const record of batch.records) {
          const ms = record.receivedAtUs / 1000;
          if (ms < untilMs && ms >= (sinceMs ?? 0)) yield record;
        }
        read += batch.records.length;
        progress(read);
      }
    } finally {
      await reader.close();
    }
    if (signal.aborted)
      throw new Fault('stopped before the end', {
        code: 'E_EXPORT_STOPPED',
        remedy: 'The folder holds a part and no manifest: delete it.',
      });
  }

  async #put(closed: readonly ClosedFile[]): Promise<void> {
    for (const { file, blocks } of closed) {
      this.#files.push(file);
      await this.#write(blocksFileOf(file.name), blocks.map((block) => `${block}\n`).join(''));
    }
  }

  /** A file of its own from text. */
  async #text(name: string, text: string): Promise<void> {
    const file = new LineFile(this.#options.out, name);
    for (const line of text.split(/(?<=\n)/)) if (line !== '') await file.write(Buffer.from(line));
    await this.#put([await file.close()]);
  }

  async finish(): Promise<Manifest> {
    const { nowMs, by, tool, framework, sinceMs, untilMs, key } = this.#options;
    const base: Manifest = {
      ...{ format: 'auditveil.export/1', made: timeOf(nowMs), by, tool, framework },
      query: {
        since: sinceMs === undefined ? undefined : timeOf(sinceMs),
        until: untilMs === undefined ? undefined : timeOf(untilMs),
      },
      holds: this.#options.holds ?? [],
      retention: this.#options.retention,
      ...this.#tally.facts,
      counts: this.#tally.counts,
      chains: await this.#chains(),
      files: this.#files,
    };
    await this.#text(keysFile, await this.#introductions());
    await this.#text(columnsFile, columnsDictionary());
    await this.#text(reportFile, reportPage({ ...base, files: this.#files }, this.#people));
    const signed = signManifest({ ...base, files: this.#files }, key);
    await this.#write(signatureFile, signed.signature);
    // Last: a folder with a manifest is whole.
    await this.#write(manifestFile, signed.manifest);
    return { ...base, files: this.#files };
  }

  async #introductions(): Promise<string> {
    const { dataDirectory } = this.#options;
    const found = ['events', 'findings'].map((log) => keyIntroductions(nodeFileSystem, `${dataDirectory}/${log}`));
    return (await Promise.all(found)).flat().join('');
  }

  async #chains(): Promise<Manifest['chains']> {
    const chains: Record<string, { digests: number; root: string }> = {};
    for (const log of ['events', 'findings']) {
      const { leaves } = await checkChain(nodeFileSystem, `${this.#options.dataDirectory}/${log}`, log, [
        this.#options.key.publicPem,
      ]);
      chains[log] = { digests: leaves.length, root: Buffer.from(merkleRoot(leaves)).toString('hex') };
    }
    return chains;
  }

  async #write(name: string, text: string): Promise<void> {
    const handle = await open(`${this.#options.out}/${name}`, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

const timeOf = (ms: number): string => new Date(ms).toISOString();
