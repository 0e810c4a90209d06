import type { LogFileSystem } from '../log/file-system.ts';
import { readChain } from './digest-chain.ts';
import { type Digest, documentHash, noPrevious, readDigest, signerOf } from './digest-document.ts';
import { leafHash } from './merkle.ts';

/** Something that is not as it was signed. */
export interface Problem {
  readonly kind:
    | 'no-digests'
    | 'torn-chain'
    | 'malformed-digest'
    | 'wrong-signature'
    | 'broken-chain'
    | 'segment-missing'
    | 'segment-short'
    | 'segment-changed'
    | 'segment-long'
    | 'segment-unknown'
    | 'forged-checkpoint'
    | 'rolled-back'
    | 'other-history';
  /** Where, for a person: `digest 7`, `segment 3, bytes 64 to 65600`. */
  readonly place: string;
  readonly what: string;
}

export interface CheckedChain {
  /** Those that are signed, in order. */
  readonly digests: readonly Digest[];
  /** Of every document there is, signed or not: leaves of the tree that checkpoints are about. */
  readonly leaves: readonly Uint8Array[];
  /** Keys that were trusted at one time or another, PEM: those given and those introduced. */
  readonly publicPems: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Reads the digests of a log and checks each against the keys and the one before it. A key that a signed digest introduces
 * is good for those after it, in the place of the one that signed that digest.
 */
export async function checkChain(
  fs: LogFileSystem,
  logDirectory: string,
  log: string,
  publicPems: readonly string[],
): Promise<CheckedChain> {
  let keys = [...publicPems];
  const everTrusted = [...publicPems];
  const [digests, leaves, problems]: [Digest[], Uint8Array[], Problem[]] = [[], [], []];
  const { digests: stored, torn } = await readChain(fs, logDirectory);
  if (stored.length === 0)
    problems.push({ kind: 'no-digests', place: 'the chain', what: 'nothing was ever signed, or all digests are gone' });
  if (torn)
    problems.push({
      kind: 'torn-chain',
      place: 'the end of the chain',
      what: 'a digest is there in part: a crash, or somebody cut it',
    });
  let previous = noPrevious;
  for (const [index, text] of stored.entries()) {
    const place = `digest ${index + 1}`;
    const [document = '', line = ''] = text.split('\n');
    const read = readDigest(text, keys);
    if (read === 'malformed') problems.push({ kind: 'malformed-digest', place, what: 'it is no digest' });
    else if (read === 'unsigned') problems.push({ kind: 'wrong-signature', place, what: unsigned(signerOf(line)) });
    else {
      const wrong = misplaced(read.digest, { sequence: index + 1, previous, log, cluster: digests[0]?.cluster });
      if (wrong !== undefined) problems.push({ kind: 'broken-chain', place, what: wrong });
      if (read.digest.kind === 'key') {
        keys = [...keys.filter((pem) => pem !== read.signedBy), read.digest.publicKey];
        everTrusted.push(read.digest.publicKey);
      }
      digests.push(read.digest);
    }
    previous = documentHash(document);
    leaves.push(leafHash(Buffer.from(document)));
  }
  return { digests, leaves, publicPems: everTrusted, problems };
}

/** @param signer as the signature line says: only a hint */
function unsigned(signer: string | undefined): string {
  const hint = /^[0-9a-f]{32}$/.test(signer ?? '') ? `; it names key ${signer}` : '';
  return `it was not signed with a key that was given or introduced before${hint}`;
}

interface Place {
  readonly sequence: number;
  readonly previous: string;
  readonly log: string;
  readonly cluster: string | undefined;
}

function misplaced({ sequence, previous, log, cluster }: Digest, place: Place): string | undefined {
  if (sequence !== place.sequence || previous !== place.previous)
    return 'it does not follow the digest before it: one was left out, put in or moved';
  return log === place.log && cluster === (place.cluster ?? cluster) ? undefined : 'it is of another log or cluster';
}
