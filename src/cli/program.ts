import { Command } from 'commander';
import { checkpointCommand } from './commands/checkpoint.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { demoCommand } from './commands/demo.ts';
import { detectCommand } from './commands/detect.ts';
import { docsCommand } from './commands/docs.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { findingsCommand } from './commands/findings.ts';
import { holdCommand } from './commands/hold.ts';
import { initCommand } from './commands/init.ts';
import { keysCommand } from './commands/keys.ts';
import { maskCommand } from './commands/mask.ts';
import { masksCommand } from './commands/masks.ts';
import { postureCommand } from './commands/posture.ts';
import { proveCommand } from './commands/prove.ts';
import { pseudonymCommand } from './commands/pseudonym.ts';
import { queryCommand } from './commands/query.ts';
import { rbacCommand } from './commands/rbac.ts';
import { replayCommand } from './commands/replay.ts';
import { routeCommand } from './commands/route.ts';
import { rulesCommand } from './commands/rules.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { silenceCommand } from './commands/silence.ts';
import { sinksCommand } from './commands/sinks.ts';
import { tailCommand } from './commands/tail.ts';
import { timelineCommand } from './commands/timeline.ts';
import { unmaskCommand } from './commands/unmask.ts';
import { verifyCommand } from './commands/verify.ts';
import { versionCommand } from './commands/version.ts';
import { webCommand } from './commands/web.ts';
import type { CliContext } from './output.ts';

/** Commands that bring work in flight to an end when they are asked to stop; others just end. */
export const gracefulCommands: ReadonlySet<string> = new Set(['demo', 'query', 'replay', 'run', 'serve', 'tail']);

/** The command line. Definitions are light; what a command needs is loaded when it runs. */
export function buildProgram(context: CliContext): Command {
  const program = new Command('auditveil')
    .description(
      'Masks secrets and personal data in Kubernetes audit logs at the source, detects attacks on the raw event in memory, and keeps a durable log of masked records.',
    )
    .usage('[command] [options]')
    .showSuggestionAfterError(true)
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 failed, 2 wrong usage, 3 wrong configuration, rule, pack or key file, 4 not as it was signed, 5 findings or changes asked for by a flag, 6 only a part was done.',
    );
  const commands = [
    demoCommand,
    runCommand,
    initCommand,
    doctorCommand,
    maskCommand,
    detectCommand,
    explainCommand,
    tailCommand,
    findingsCommand,
    silenceCommand,
    serveCommand,
    webCommand,
    timelineCommand,
    postureCommand,
    rbacCommand,
    rulesCommand,
    routeCommand,
    sinksCommand,
    replayCommand,
    masksCommand,
    keysCommand,
    queryCommand,
    exportCommand,
    holdCommand,
    verifyCommand,
    checkpointCommand,
    proveCommand,
    unmaskCommand,
  ];
  for (const make of [...commands, pseudonymCommand, configCommand, completionCommand, versionCommand])
    program.addCommand(make(context));
  program.addCommand(docsCommand(context), { hidden: true });
  for (const command of [program, ...descendants(program)]) {
    command.exitOverride();
    command.showHelpAfterError(`(see \`auditveil ${pathOf(command)}--help\`)`);
    command.configureOutput({
      writeOut: (text) => void context.output.write(text),
      writeErr: (text) => context.output.complain(text),
    });
    command.configureHelp({ helpWidth: Math.min(100, context.output.columns) });
  }
  return program;
}

function descendants(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...descendants(child)]);
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)}${command.name()} ` : '';
}
