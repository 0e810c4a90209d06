import type { Finding } from '../core/finding.ts';
import type { Product } from '../core/product.ts';
import type { MaskedRecord } from '../core/record.ts';
import { createFormatter } from '../findings/create-formatter.ts';
import { findingColumns } from '../sinks/shared/columns.ts';
import { type FindingRow, findingRow } from '../sinks/shared/finding-row.ts';
import { cellsOf, csvHeader, csvLine } from './csv.ts';
import type { ExportFormat } from './export-formats.ts';
import { type ClosedFile, LineFile } from './line-file.ts';
import { accessColumns, isAccess, isReview, type NoteRow, reviewColumns } from './note-tables.ts';
import { ParquetFile } from './parquet-file.ts';

const lineOf = (payload: Uint8Array): Uint8Array => Buffer.concat([payload, Buffer.from('\n')]);

/** Files of findings and of notes: as lines always, as tables where asked for. */
export class FindingFiles {
  readonly #findings: LineFile;
  readonly #notes: LineFile;
  readonly #reviews: LineFile;
  readonly #accesses: LineFile;
  readonly #tables: Readonly<Record<'findings' | 'reviews' | 'access', LineFile>> | undefined;
  readonly #parquet: ParquetFile<FindingRow> | undefined;
  readonly #ocsf: LineFile | undefined;
  readonly #format: (finding: Finding) => string;

  private constructor(directory: string, formats: readonly ExportFormat[], product: Product) {
    const file = (name: string): LineFile => new LineFile(directory, name);
    [this.#findings, this.#notes] = [file('findings.jsonl'), file('notes.jsonl')];
    [this.#reviews, this.#accesses] = [file('reviews.jsonl'), file('access.jsonl')];
    if (formats.includes('csv'))
      this.#tables = { findings: file('findings.csv'), reviews: file('reviews.csv'), access: file('access.csv') };
    if (formats.includes('parquet')) this.#parquet = ParquetFile.findings(directory, `${product.name} ${product.version}`);
    if (formats.includes('ocsf')) this.#ocsf = file('findings.ocsf.jsonl');
    this.#format = createFormatter('ocsf', product);
  }

  static async open(directory: string, formats: readonly ExportFormat[], product: Product): Promise<FindingFiles> {
    const files = new FindingFiles(directory, formats, product);
    await files.#tables?.findings.write(csvHeader(findingColumns));
    await files.#tables?.reviews.write(csvHeader(reviewColumns));
    await files.#tables?.access.write(csvHeader(accessColumns));
    return files;
  }

  async finding({ payload }: MaskedRecord, finding: Finding): Promise<void> {
    await this.#findings.write(lineOf(payload));
    await this.#ocsf?.write(Buffer.from(`${this.#format(finding)}\n`));
    if (!this.#tables && !this.#parquet) return;
    const row = findingRow(finding);
    await this.#tables?.findings.write(Buffer.from(csvLine(cellsOf(findingColumns, row))));
    await this.#parquet?.add(row, payload);
  }

  async note({ payload }: MaskedRecord, row: NoteRow | undefined): Promise<void> {
    await this.#notes.write(lineOf(payload));
    if (row && isReview(row)) {
      await this.#reviews.write(lineOf(payload));
      await this.#tables?.reviews.write(Buffer.from(csvLine(cellsOf(reviewColumns, row))));
    } else if (row && isAccess(row)) {
      await this.#accesses.write(lineOf(payload));
      await this.#tables?.access.write(Buffer.from(csvLine(cellsOf(accessColumns, row))));
    }
  }

  async close(): Promise<readonly ClosedFile[]> {
    const { findings, reviews, access } = this.#tables ?? {};
    const all = [
      this.#findings,
      findings,
      this.#parquet,
      this.#ocsf,
      this.#notes,
      this.#reviews,
      reviews,
      this.#accesses,
      access,
    ];
    const closed: ClosedFile[] = [];
    for (const file of all) if (file) closed.push(await file.close());
    return closed;
  }
}
