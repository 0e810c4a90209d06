import { Fault } from '../core/faults.ts';
import { type LogFile, type LogFileSystem, readFully } from '../log/file-system.ts';
import { segmentFileName } from '../log/segment-header.ts';
import type { CheckedChain } from './check-chain.ts';
import { readChain, storedBlocks } from './digest-chain.ts';
import type { Digest, SealedDigest } from './digest-document.ts';
import type { FoundRecord } from './find-record.ts';
import { auditPath } from './merkle.ts';
import { pairsOf, type RecordProof, toHex } from './proof-document.ts';
import { type Block, rootOf, SegmentSeal } from './seal-segment.ts';

export interface ProveRecordOptions {
  readonly fs: LogFileSystem;
  /** The log's folder. */
  readonly directory: string;
  readonly log: string;
  readonly chain: CheckedChain;
  readonly record: FoundRecord;
  /** A signed note about a tree of this many digests. */
  readonly checkpoint: { readonly text: string; readonly size: number };
  readonly introductions: readonly string[];
}

/** Shows that a record stands in a log. @throws Fault E_PROVE_UNSEALED where no digest the checkpoint saw covers it, E_PROVE_CHANGED */
export async function proveRecord(options: ProveRecordOptions): Promise<RecordProof> {
  const { fs, directory, log, chain, record, checkpoint, introductions } = options;
  const seal = sealOf(chain.digests.slice(0, checkpoint.size), record);
  const file = await fs.open(`${directory}/${segmentFileName(record.segment)}`, 'read');
  try {
    const blocks = await blocksOf(options, file, seal);
    const place = blockAt(blocks, record.at);
    const block = Buffer.alloc(place.bytes);
    await readFully(file, block, place.at);
    const [document = '', signature = ''] = (await readChain(fs, directory)).digests[seal.sequence - 1]?.split('\n') ?? [];
    return {
      ...{ format: 'auditveil.proof/1', kind: 'record', log, record: record.payload },
      ...{ offset: record.at - place.at + record.headerBytes, block: block.toString('base64'), index: place.index },
      path: auditPath(
        blocks.map(({ hash }) => hash),
        place.index,
      ).map(toHex),
      ...{ number: seal.sequence, document, signature },
      digestPath: auditPath(chain.leaves.slice(0, checkpoint.size), seal.sequence - 1).map(toHex),
      ...{ checkpoint: checkpoint.text, keys: pairsOf(introductions) },
    };
  } finally {
    await file.close();
  }
}

/** The last digest about the record's segment, which covers it. */
function sealOf(digests: readonly Digest[], { segment, at, bytes }: FoundRecord): Digest & SealedDigest {
  const seal = digests.findLast(
    (digest): digest is Digest & SealedDigest =>
      (digest.kind === 'closed' || digest.kind === 'open') && digest.segment === segment && digest.bytes >= at + bytes,
  );
  if (seal) return seal;
  throw new Fault('no digest covers that record yet', {
    code: 'E_PROVE_UNSEALED',
    remedy:
      'A log is sealed each time a segment is closed, every hour, and when its agent stops. Try again after that, or with a later checkpoint.',
    retryable: true,
  });
}

async function blocksOf({ fs, directory }: ProveRecordOptions, file: LogFile, seal: SealedDigest): Promise<readonly Block[]> {
  const stored = await storedBlocks(fs, directory, seal.segment);
  if (stored && rootOf(stored) === seal.root) return stored;
  const fresh = new SegmentSeal(seal.segment);
  await fresh.extend(file, seal.bytes);
  if (rootOf(fresh.blocks) === seal.root) return fresh.blocks;
  throw new Fault(`segment ${seal.segment} is not as it was signed`, {
    code: 'E_PROVE_CHANGED',
    remedy: 'Look with `auditveil verify`; bring the segment back from a copy.',
  });
}

function blockAt(
  blocks: readonly Block[],
  offset: number,
): { readonly index: number; readonly at: number; readonly bytes: number } {
  let at = 0;
  for (const [index, { bytes }] of blocks.entries()) {
    if (offset < at + bytes) return { index, at, bytes };
    at += bytes;
  }
  throw new RangeError('the record is in no block');
}
