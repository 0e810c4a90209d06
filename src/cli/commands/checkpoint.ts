import { Command, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import type { CliContext } from '../output.ts';

interface CheckpointOptions {
  readonly signingKey?: string;
  readonly out?: string;
}

/** `auditveil checkpoint`: how far logs have come, to be kept elsewhere. */
export function checkpointCommand(context: CliContext): Command {
  return new Command('checkpoint')
    .summary('print how far logs have come, signed, to be kept elsewhere')
    .description(
      'Prints a signed note (C2SP tlog-checkpoint) for each log in the data folder of an agent: the number of its digests and the Merkle root over them. Kept where the agent cannot write, it shows later whether the log still goes on from there: `auditveil verify --against`.',
    )
    .argument('<store>', "an agent's data folder")
    .addOption(new Option('--signing-key <file>', 'key to sign with (default: signing.pem in the data folder)'))
    .addOption(new Option('--out <file>', 'where to; must not exist (default: standard output)'))
    .addHelpText('after', '\nExample:\n  auditveil checkpoint /var/lib/auditveil/data > checkpoint-2026-11-29.txt')
    .action((store: string, options: CheckpointOptions) => checkpoint(context, store, options));
}

async function checkpoint(context: CliContext, store: string, { signingKey, out }: CheckpointOptions): Promise<void> {
  const [{ agentKeys, holdingChain, logsOf, reachedBy }, { writeCheckpoint }] = await Promise.all([
    import('../proof-store.ts'),
    import('../../proof/signed-note.ts'),
  ]);
  const { key, trusted } = await agentKeys(store, signingKey);
  const notes: string[] = [];
  for (const log of await logsOf(store)) {
    const reached = reachedBy(log.log, await holdingChain(log, trusted));
    if (reached) notes.push(writeCheckpoint(reached, key));
  }
  if (notes.length === 0) {
    throw new Fault('nothing of these logs was signed yet', {
      code: 'E_PROOF_NONE',
      remedy: 'A log is sealed each time a segment is closed, every hour, and when its agent stops.',
    });
  }
  if (out === undefined) return context.output.write(notes.join('\n'));
  const { writeNewFile } = await import('../write-new-file.ts');
  await writeNewFile(out, notes.join('\n'));
}
