import { describeFault, exitCodes, Fault, Faults } from '../core/faults.ts';

/** Beginnings of codes that mean: the command line, or a file the user wrote, is wrong. */
const usageCodes = ['E_USAGE', 'E_POLICY'];
const fileCodes = [
  'E_CONFIG',
  'E_RULE',
  'E_EXCEPTION',
  'E_SIGMA',
  'E_PACK',
  'E_GITLEAKS',
  'E_PATTERN',
  'E_MAPPING',
  'E_KEY',
  'E_FILE',
];

export interface DescribedError {
  readonly text: string;
  readonly exitCode: number;
}

/** An error as it is shown, and the exit code it means (DESIGN §10). */
export function describeError(error: unknown): DescribedError {
  if (error instanceof Faults) {
    const codes = error.faults.map(exitCodeOf);
    return {
      text: error.faults.map((fault) => `error: ${describeFault(fault)}`).join('\n'),
      exitCode: codes[0] ?? exitCodes.failed,
    };
  }
  if (error instanceof Fault) return { text: `error: ${describeFault(error)}`, exitCode: exitCodeOf(error) };
  return { text: `error: ${unexpected(error)}`, exitCode: exitCodes.failed };
}

/** A policy is wrong as a flag, or at a place in its file. */
function exitCodeOf({ code, location }: Fault): number {
  if (code.startsWith('E_POLICY') && location !== undefined) return exitCodes.config;
  if (usageCodes.some((start) => code.startsWith(start))) return exitCodes.usage;
  if (code.startsWith('E_VERIFY')) return exitCodes.verification;
  return fileCodes.some((start) => code.startsWith(start)) ? exitCodes.config : exitCodes.failed;
}

/** A mistake of ours. Its message could quote what it stumbled over, so only its kind and the places in the code are shown. */
function unexpected(error: unknown): string {
  if (!(error instanceof Error)) return 'something failed that is no error (E_INTERNAL)';
  const system =
    (error as NodeJS.ErrnoException).syscall === undefined
      ? ''
      : ` ${(error as NodeJS.ErrnoException).code ?? ''} in ${(error as NodeJS.ErrnoException).syscall ?? ''}`;
  const frames = framesOf(error);
  const places = frames.slice(0, 8).map((line) => line.replace(/(?:file:\/\/)?\/[^()]*?\/(src|node_modules)\//, '$1/'));
  return `this should not happen: ${error.name}${system} (E_INTERNAL)\n  Please report it with these lines; they hold no event data.\n${places.join('\n')}`;
}

/** Lines of the stack behind the message: a message of several lines could have one that looks like a place. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const at = stack.indexOf(message);
  const behind = at < 0 ? '' : stack.slice(at + message.length);
  return behind.split('\n').filter((line) => /^\s+at /.test(line));
}
