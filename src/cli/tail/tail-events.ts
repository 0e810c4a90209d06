import { Fault } from '../../core/faults.ts';
import { type MaskedRecord, recordTypes } from '../../core/record.ts';
import { openLogReader } from '../../log/open-log-reader.ts';
import { formatEvent } from '../format-event.ts';
import type { CliContext } from '../output.ts';
import { compileExpressions } from './expressions.ts';
import { logBatches } from './log-batches.ts';
import { runLines } from './run-lines.ts';
import type { TailOptions } from './tail-options.ts';

/** Masked events of a log as lines. @throws Fault E_USAGE_FORMAT, E_LOG_MISSING */
export async function tailEvents(context: CliContext, directory: string, options: TailOptions): Promise<void> {
  const { output, follow, since } = options;
  if (output !== undefined && output.name !== 'pretty' && output.name !== 'json') {
    throw new Fault(`events have no format ${output.name}`, {
      code: 'E_USAGE_FORMAT',
      remedy: 'Use -o pretty or -o json, or leave --events out.',
    });
  }
  const include = compileExpressions('--include', options.include);
  const exclude = compileExpressions('--exclude', options.exclude);
  const columns = context.output.isTerminal ? context.output.columns : undefined;
  const style = { json: output?.name === 'json', columns };
  const isWanted = ({ type, payload }: MaskedRecord): boolean =>
    type === recordTypes.event &&
    (include.length === 0 || include.some((one) => one.test(payload))) &&
    !exclude.some((one) => one.test(payload));
  const write = (record: MaskedRecord): string => `${formatEvent(record, style)}\n`;
  const reader = await openLogReader({ directory, ...(since === undefined ? {} : { start: { sinceMs: since } }) });
  try {
    await runLines({ context, batches: logBatches(reader, context.stop, follow), isWanted, write }, options);
  } finally {
    await reader.close();
  }
}
