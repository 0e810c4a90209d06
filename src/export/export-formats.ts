/** In what an export may be written. Findings and notes are always there as lines of JSON too. */
export const exportFormats = ['jsonl', 'csv', 'parquet', 'ocsf'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export const defaultFormats: readonly ExportFormat[] = ['jsonl', 'csv'];
