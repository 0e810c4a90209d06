import { CommanderError } from 'commander';
import { exitCodes } from '../core/faults.ts';
import { describeError } from './describe-error.ts';
import { harden } from './harden.ts';
import { OutputClosed, processContext } from './output.ts';
import { buildProgram, gracefulCommands } from './program.ts';

/** Runs the command that this process was started with, and ends the process with its exit code. */
export async function startProgram(): Promise<void> {
  harden();
  const stop = new AbortController();
  let exitCode: number = exitCodes.ok;
  let isGraceful = false;
  const context = processContext(stop.signal, (code) => {
    exitCode = code;
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Filters have nothing to bring to an end; a second signal means it.
      if (!isGraceful || stop.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
      stop.abort();
    });
  }
  /** What nobody caught ends the process; Node.js would print the message, which may quote an event. */
  const fail = (error: unknown): void => {
    if (!(error instanceof OutputClosed)) context.output.note(describeError(error).text);
    process.exit(error instanceof OutputClosed ? exitCodes.ok : exitCodes.failed);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  try {
    const program = buildProgram(context);
    program.hook('preAction', (_, command) => {
      isGraceful = gracefulCommands.has(command.name());
    });
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    else if (!(error instanceof OutputClosed)) {
      const described = describeError(error);
      context.output.note(described.text);
      exitCode = described.exitCode;
    }
  }
  process.exit(exitCode);
}
