import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { type CliContext, Output } from './output.ts';
import { buildProgram } from './program.ts';

const opening = `# Command line

Every command says what it does with \`--help\`. This page is generated from the same definitions (\`auditveil docs\`);
a test fails when it is stale.

- Results go to standard output, everything said about them to standard error.
- Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 wrong configuration, rule, pack or key file, 4 verification failed,
  5 findings or changes that a flag asked to report, 6 done in part. Stubs do not change the exit code; they are counted.
- A fault names its place (\`file:line:column\`), a stable code, and what to do about it. It never quotes event data.
- Colour only on a terminal, never as the only sign; \`NO_COLOR\` turns it off.
- \`mask\` and \`detect\` need no configuration: their key is made once in \`$XDG_STATE_HOME/auditveil/\` (else
  \`~/.local/state/auditveil/\`), mode 0600, so that two runs give the same pseudonyms.
- Raw events are in this process's memory only. Forbid core dumps where it runs (\`ulimit -c 0\`, \`LimitCORE=0\`):
  Node.js cannot do that itself. Its inspector does not open on SIGUSR1.
`;

/** The page docs/cli.md: the help of every command. */
export function commandReferencePage(): string {
  const context: CliContext = {
    output: new Output(new PassThrough(), new PassThrough(), {}),
    stdin: new PassThrough(),
    env: {},
    stop: new AbortController().signal,
    setExitCode: () => undefined,
  };
  const parts = [opening];
  for (const command of withDescendants(buildProgram(context))) {
    let text = '';
    command.configureOutput({
      writeOut: (piece) => {
        text += piece;
      },
    });
    command.outputHelp();
    parts.push(`## ${nameOf(command)}\n\n\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`);
  }
  return parts.join('\n');
}

function withDescendants(command: Command): readonly Command[] {
  return [
    command,
    ...command.commands.filter((child) => child.name() !== 'docs' || child.parent?.parent).flatMap(withDescendants),
  ];
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}
