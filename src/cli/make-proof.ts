import { Fault } from '../core/faults.ts';
import { lineWith, proveLine } from '../export/prove-line.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import type { CheckedChain } from '../proof/check-chain.ts';
import { type FoundRecord, findRecords } from '../proof/find-record.ts';
import { keyIntroductions } from '../proof/follow-keys.ts';
import { growthPath, merkleRoot } from '../proof/merkle.ts';
import { type GrowthProof, type LineProof, pairsOf, type RecordProof, toHex } from '../proof/proof-document.ts';
import { proveRecord } from '../proof/prove-record.ts';
import { checkpointsIn } from '../proof/published-checkpoints.ts';
import { writeCheckpoint } from '../proof/signed-note.ts';
import type { ProveOptions } from './commands/prove.ts';
import type { CliContext } from './output.ts';
import { agentKeys, holdingChain, logsOf, reachedBy, type StoredLog } from './proof-store.ts';
import { readText } from './read-text.ts';

/** @param line its number, or a text that it holds @throws Fault E_PROVE_LINE */
export async function lineProof(directory: string, file: string, line: number | string): Promise<LineProof> {
  const number = typeof line === 'number' ? line : await lineWith(`${directory}/${file}`, line);
  if (number !== undefined) return proveLine(directory, file, number);
  throw new Fault(`no line of ${file} holds \`${line}\``, { code: 'E_PROVE_LINE', remedy: 'Give another text, or --line.' });
}

interface Note {
  readonly text: string;
  readonly size: number;
}

/** The checkpoint that a proof leads to: one of a file, or a new one. */
async function noteOf(log: StoredLog, chain: CheckedChain, options: ProveOptions): Promise<Note> {
  const { checkpoint, dataDir, signingKey } = options;
  if (checkpoint !== undefined) return fileNote(checkpoint, log.log, chain);
  const { key } = await agentKeys(dataDir, signingKey);
  const reached = reachedBy(log.log, chain);
  if (reached) return { text: writeCheckpoint(reached, key), size: reached.size };
  throw new Fault(`nothing of the ${log.log} log was signed yet`, {
    code: 'E_PROVE_UNSEALED',
    remedy: 'A log is sealed each time a segment is closed, every hour, and when its agent stops.',
    retryable: true,
  });
}

/** @throws Fault E_VERIFY_FORMAT, E_PROVE_OTHER where the log does not go on from it */
async function fileNote(file: string, log: string, { leaves }: CheckedChain): Promise<Note> {
  const note = checkpointsIn(await readText(file))?.find(({ origin }) => origin.endsWith(`/${log}`));
  if (!note)
    throw new Fault(`${file} holds no checkpoint of the ${log} log`, {
      code: 'E_VERIFY_FORMAT',
      remedy: 'Give a file that `auditveil checkpoint` wrote, or a checkpoint that was published.',
    });
  if (note.size > leaves.length || note.size < 1 || toHex(merkleRoot(leaves.slice(0, note.size))) !== toHex(note.root))
    throw new Fault(`the ${log} log does not go on from the checkpoint in ${file}`, {
      code: 'E_VERIFY_CHECKPOINT',
      remedy: 'The log was changed or rolled back, or it is another one: look with `auditveil verify --against`.',
    });
  const { origin, size, root, signatures } = note;
  return { text: `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n\n${signatures.join('\n')}\n`, size };
}

export async function recordProof(context: CliContext, id: string, options: ProveOptions): Promise<RecordProof> {
  const { trusted } = await agentKeys(options.dataDir, options.signingKey);
  const { output } = context;
  let bytes = 0;
  for (const log of await logsOf(options.dataDir)) {
    const found = await findRecords(nodeFileSystem, log.directory, id, (more) => {
      bytes += more;
      output.progress(`${Math.round(bytes / 1e6)} MB searched`);
    });
    output.progress(undefined);
    const record = chosen(found, log.log, id);
    if (!record) continue;
    const chain = await holdingChain(log, trusted);
    const checkpoint = await noteOf(log, chain, options);
    const introductions = await keyIntroductions(nodeFileSystem, log.directory);
    return proveRecord({ fs: nodeFileSystem, ...log, chain, record, checkpoint, introductions });
  }
  throw new Fault(`no record of these logs has the id ${id}`, {
    code: 'E_PROVE_NONE',
    remedy: 'Give the digest or audit ID of an event, or the id of a finding; what retention deleted is gone.',
  });
}

/** Of a finding its last revision; of several events none. */
function chosen(found: readonly FoundRecord[], log: string, id: string): FoundRecord | undefined {
  if (found.length < 2 || log === 'findings') return found.at(-1);
  const digests = found.map(({ digest, payload }) => `${digest} (${/"stage":"(\w+)"/.exec(payload)?.[1] ?? 'event'})`);
  throw new Fault(`${found.length} events have the audit ID ${id}: ${digests.join(', ')}`, {
    code: 'E_USAGE_PROVE',
    remedy: 'Give the digest of the one that is meant.',
  });
}

export async function growthProof(options: ProveOptions): Promise<GrowthProof> {
  const { trusted } = await agentKeys(options.dataDir, options.signingKey);
  const from = options.from ?? '';
  const logs = await logsOf(options.dataDir);
  const checkpoints = checkpointsIn(await readText(from));
  const log = logs.find((one) => checkpoints?.some(({ origin }) => origin.endsWith(`/${one.log}`))) ?? (logs[0] as StoredLog);
  const chain = await holdingChain(log, trusted);
  const [before, after] = [await fileNote(from, log.log, chain), await noteOf(log, chain, options)];
  if (after.size < before.size)
    throw new Fault('the checkpoint of --from is the later one', {
      code: 'E_USAGE_PROVE',
      remedy: 'Give --checkpoint and --from the other way round.',
    });
  return {
    ...{ format: 'auditveil.proof/1', kind: 'growth', log: log.log, from: before.text, to: after.text },
    path: growthPath(chain.leaves.slice(0, after.size), before.size).map(toHex),
    keys: pairsOf(await keyIntroductions(nodeFileSystem, log.directory)),
  };
}
