#!/usr/bin/env node
import { CommanderError } from 'commander';
import { exitCodes } from '../core/faults.ts';
import { describeError } from './describe-error.ts';
import { harden } from './harden.ts';
import { OutputClosed, processContext } from './output.ts';
import { buildProgram } from './program.ts';

harden();
const stop = new AbortController();
let exitCode: number = exitCodes.ok;
const context = processContext(stop.signal, (code) => {
  exitCode = code;
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // The second signal means it: leave at once.
    if (stop.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    stop.abort();
  });
}

try {
  await buildProgram(context).parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  else if (!(error instanceof OutputClosed)) {
    const described = describeError(error);
    context.output.note(described.text);
    exitCode = described.exitCode;
  }
}
process.exit(exitCode);
