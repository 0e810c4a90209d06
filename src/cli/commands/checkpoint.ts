import { Command, Option } from 'commander';
import { Fault } from '../../core/faults.ts';
import type { Checkpoint } from '../../proof/signed-note.ts';
import type { CliContext } from '../output.ts';
import type { StoredLog } from '../proof-store.ts';

interface CheckpointOptions {
  readonly signingKey?: string;
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
    .addHelpText('after', '\nExample:\n  auditveil checkpoint /var/lib/auditveil/data > checkpoint-2026-11-29.txt')
    .action((store: string, options: CheckpointOptions) => checkpoint(context, store, options));
}

async function checkpoint(context: CliContext, store: string, { signingKey }: CheckpointOptions): Promise<void> {
  const [{ agentSigningKey, logsOf }, { formerPublicKeys }, { writeCheckpoint }] = await Promise.all([
    import('../proof-store.ts'),
    import('../../crypto/next-signing-key.ts'),
    import('../../proof/signed-note.ts'),
  ]);
  const key = await agentSigningKey(store, signingKey);
  const trusted = [key.publicPem, ...(await formerPublicKeys(signingKey ?? `${store}/signing.pem`))];
  const notes: string[] = [];
  for (const log of await logsOf(store)) {
    const reached = await reachedBy(log, trusted);
    if (reached) notes.push(writeCheckpoint(reached, key));
  }
  if (notes.length === 0) {
    throw new Fault('nothing of these logs was signed yet', {
      code: 'E_PROOF_NONE',
      remedy: 'A log is sealed each time a segment is closed, every hour, and when its agent stops.',
    });
  }
  await context.output.write(notes.join('\n'));
}

/** Undefined where there are no digests. A chain that does not hold is not confirmed. @throws Fault E_VERIFY_CHAIN */
async function reachedBy({ log, directory }: StoredLog, trusted: readonly string[]): Promise<Checkpoint | undefined> {
  const [{ checkChain }, { nodeFileSystem }, { merkleRoot }] = await Promise.all([
    import('../../proof/check-chain.ts'),
    import('../../log/file-system.ts'),
    import('../../proof/merkle.ts'),
  ]);
  const { digests, leaves, problems } = await checkChain(nodeFileSystem, directory, log, trusted);
  const wrong = problems.find(({ kind }) => kind !== 'no-digests' && kind !== 'torn-chain');
  if (wrong) {
    throw new Fault(`the digests of the ${log} log do not hold: ${wrong.place}: ${wrong.what}`, {
      code: 'E_VERIFY_CHAIN',
      remedy: 'Look with `auditveil verify`; give the key that the agent signs with.',
    });
  }
  const [first] = digests;
  return first && { origin: `auditveil/${first.cluster}/${log}`, size: leaves.length, root: merkleRoot(leaves) };
}
