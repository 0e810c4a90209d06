/** Where in a file a fault was found; line and column count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface FaultDetails {
  /** `E_<AREA>_<WHAT>`, stable for scripts. */
  readonly code: string;
  /** What to do about it, in one sentence. */
  readonly remedy?: string;
  readonly location?: Location;
  /** Whether the same thing may succeed later without a change. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * An error this program expects. Its message is written by us and never quotes event data.
 * Shown as `file:line:column: message (code)` and the remedy on the next line.
 */
export class Fault extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly location: Location | undefined;
  readonly retryable: boolean;

  constructor(message: string, details: FaultDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Fault';
    this.code = details.code;
    this.remedy = details.remedy;
    this.location = details.location;
    this.retryable = details.retryable ?? false;
  }
}

/** One fault as people read it: place, message, code, then the remedy. */
export function describeFault(fault: Fault): string {
  const place = fault.location ? `${fault.location.file}:${fault.location.line}:${fault.location.column}: ` : '';
  const remedy = fault.remedy ? `\n  ${fault.remedy}` : '';
  return `${place}${fault.message} (${fault.code})${remedy}`;
}

/** The same fault, as one that may pass: at a start a mistake, but while this runs a missing file comes back and a wrong one is mended. */
export function retryable(fault: Fault): Fault {
  const { message, code, remedy, location } = fault;
  if (fault.retryable) return fault;
  const known = { ...(remedy !== undefined && { remedy }), ...(location && { location }) };
  return new Fault(message, { code, retryable: true, cause: fault, ...known });
}

/** A file of the user's that cannot be read; `cause` is the error of the system. */
export function unreadableFile(file: string, cause: unknown): Fault {
  const { code } = cause as { readonly code?: string };
  return new Fault(`${file}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown'})`}`, {
    code: 'E_FILE_READ',
    remedy: 'Check the path and its permissions.',
    cause,
  });
}

/** Several faults found in one go, for example in a rule file. */
export class Faults extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(describeFault).join('\n'));
    this.name = 'Faults';
    this.faults = faults;
  }
}

/** Stable exit codes of the command line (DESIGN §10). */
export const exitCodes = { ok: 0, failed: 1, usage: 2, config: 3, verification: 4, found: 5, partial: 6 } as const;
