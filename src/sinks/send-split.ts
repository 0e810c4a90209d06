import { errored, type Outcome, rejected } from '../core/delivery.ts';
import { Fault } from '../core/faults.ts';
import type { MaskedRecord } from '../core/record.ts';

/** The other side took none of these records, but may take fewer of them: too large together, or one of them is poison. */
export interface Refused {
  readonly refused: Fault;
}

/** Sends some records in one go: an outcome for each, in order, or why they were refused as a whole. */
export type SendRecords = (records: readonly MaskedRecord[], signal: AbortSignal) => Promise<readonly Outcome[] | Refused>;

/**
 * Sends records, and where they are refused as a whole, each half of them, down to one record, which is rejected with the
 * reason: so one poison record of n costs about 2 log₂ n requests, and n of them 2 n. In order, one request at a time. Once
 * anything errored nothing more is sent, so that nothing overtakes: the rest has the same fault.
 *
 * Refused is only what no later attempt will change (400, 413, 422): a server that is away, busy or does not know us errors.
 */
export async function sendSplit(
  records: readonly MaskedRecord[],
  send: SendRecords,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [records];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    if (part.length === 0) continue;
    const answer = signal.aborted ? part.map(() => errored(interrupted())) : await send(part, signal);
    if ('refused' in answer) {
      if (part.length === 1) outcomes.push(rejected(answer.refused));
      else waiting.push(part.slice(part.length >> 1), part.slice(0, part.length >> 1));
      continue;
    }
    outcomes.push(...part.map((_, i) => answer[i] ?? errored(unanswered())));
    if (outcomes.some(({ status }) => status === 'errored')) break;
  }
  const last = outcomes.findLast(({ status }) => status === 'errored') ?? errored(interrupted());
  return records.map((_, i) => outcomes[i] ?? last);
}

function interrupted(): Fault {
  return new Fault('writing was interrupted', { code: 'E_SINK_INTERRUPTED', retryable: true });
}

function unanswered(): Fault {
  return new Fault('the sink gave no outcome for this record', { code: 'E_SINK_UNANSWERED', retryable: true });
}
