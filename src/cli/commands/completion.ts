import { Argument, Command } from 'commander';
import type { CliContext } from '../output.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

/** `auditveil completion`: what a shell needs to complete this command line. */
export function completionCommand(context: CliContext): Command {
  const command = new Command('completion')
    .summary('print a completion script for bash, zsh or fish')
    .description(
      'Prints a script that completes commands, options, their values, and the ids of shipped rules and mask kinds. It is made from this version; make it anew after an update.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText(
      'after',
      '\nExamples:\n  source <(auditveil completion bash)\n  auditveil completion zsh > ~/.zfunc/_auditveil\n  auditveil completion fish > ~/.config/fish/completions/auditveil.fish',
    );
  return command.action((shell: Shell) => completion(context, command.parent ?? command, shell));
}

async function completion(context: CliContext, program: Command, shell: Shell): Promise<void> {
  const [{ commandWords }, { shippedVocabulary }, { bashCompletion }, { zshCompletion }, { fishCompletion }] = await Promise.all([
    import('../completion/command-words.ts'),
    import('../completion/shipped-vocabulary.ts'),
    import('../completion/bash-completion.ts'),
    import('../completion/zsh-completion.ts'),
    import('../completion/fish-completion.ts'),
  ]);
  const make = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell];
  await context.output.write(make({ commands: commandWords(program), ...(await shippedVocabulary()) }));
}
