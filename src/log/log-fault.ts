import { Fault } from '../core/faults.ts';
import { errorCode, isDiskFull } from './file-system.ts';
import { holderKind } from './retention.ts';

/** A failed write as the caller of `append` sees it. Always retryable: nothing of the append is in the log. */
export function writeFault(log: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  if (isDiskFull(cause)) {
    return new Fault(`no space left for the ${log} log`, {
      code: 'E_LOG_FULL',
      remedy: 'Make room on the disk, or lower the size limit of the log; writing resumes by itself.',
      retryable: true,
      cause,
    });
  }
  return new Fault(`the ${log} log could not be written (${errorCode(cause) ?? 'unknown error'})`, {
    code: 'E_LOG_IO',
    remedy: 'Check the disk; a new segment is started and writing resumes by itself.',
    retryable: true,
    cause,
  });
}

/** The log has reached the size it may have and a reader still needs its oldest segments. */
export function sizeLimitFault(log: string, maxBytes: number, heldBy: readonly string[]): Fault {
  const readers = heldBy.length === 0 ? 'a reader' : heldBy.join(', ');
  return new Fault(
    `the ${log} log has reached its limit of ${maxBytes} bytes, and its oldest records are still needed (${readers})`,
    {
      code: 'E_LOG_FULL',
      remedy: heldBy.some((name) => holderKind(name) !== 'reader')
        ? 'Give the log more room (log.maxBytes), or end the hold (`auditveil hold list`) or the retention that keeps it.'
        : 'Bring the sink that is behind back, let it skip (whenBehind: skip), or raise the limit (log.maxBytes).',
      retryable: true,
    },
  );
}

/** A later version of this program wrote here: reading it as ours would take all of it for damage. */
export function laterFormatFault(directory: string, format: number, known: number): Fault {
  return new Fault(`the log in ${directory} is of format ${format}, and this version reads no format after ${known}`, {
    code: 'E_LOG_FORMAT',
    remedy: 'Start the version that wrote it, or a later one, or name another data folder. Nothing in it was changed.',
  });
}

/** Whatever was written since would be in no folder, or in somebody else's log: nothing more may be acknowledged. */
export function goneFault(directory: string): Fault {
  return new Fault(`the log in ${directory} was removed, moved or taken over while it was written to`, {
    code: 'E_LOG_GONE',
    remedy: 'Find out who did that; then start again. What was not acknowledged comes again.',
  });
}

export function closedFault(log: string): Fault {
  return new Fault(`the ${log} log is closed`, { code: 'E_LOG_CLOSED' });
}

export function readerOpenFault(reader: string): Fault {
  return new Fault(`the reader ${reader} is open already`, { code: 'E_LOG_READER_OPEN' });
}
