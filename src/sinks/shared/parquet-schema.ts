import type { ParquetWriteOptions } from 'hyparquet-writer';
import type { ColumnType } from './columns.ts';

/** Of the version of hyparquet that the writer is made with. */
export type SchemaElement = NonNullable<ParquetWriteOptions['schema']>[number];

/** Schema elements of one column. Lists in three levels, as the Parquet format's LogicalTypes page asks. */
export function columnSchema(name: string, type: ColumnType): readonly SchemaElement[] {
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
  switch (type) {
    case 'json':
    case 'text':
      return [{ name, ...text, repetition_type: 'OPTIONAL' }];
    case 'time':
      return [{ name, type: 'INT64', converted_type: 'TIMESTAMP_MICROS', repetition_type: 'REQUIRED' }];
    case 'integer':
      return [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }];
    case 'boolean':
      return [{ name, type: 'BOOLEAN', repetition_type: 'REQUIRED' }];
    case 'texts':
      return [
        { name, converted_type: 'LIST', num_children: 1, repetition_type: 'OPTIONAL' },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        { name: 'element', ...text, repetition_type: 'REQUIRED' },
      ];
  }
}
