import { Fault } from '../core/faults.ts';
import { publicKeyId, type SigningKey } from '../crypto/signing-key.ts';
import { type LogFile, type LogFileSystem, readSmallFile, replaceFile, writeFully } from '../log/file-system.ts';
import { type Digest, type DigestContent, documentHash, noPrevious, signDigest, signerOf } from './digest-document.ts';
import { leafHash } from './merkle.ts';
import { type Block, decodeBlocks, encodeBlocks } from './seal-segment.ts';

/** Folder of a log's digests, inside the log's own. */
export const proofDirectory = 'proof';
/** Two lines for each digest, in order: the document and its signature. Only ever appended to. */
export const digestsFileName = 'digests.jsonl';
/** Of the list of a segment's blocks: a segment of 1 GiB has 16,384. */
const maximumBlockListBytes = 4 * 1024 * 1024;
/** A year has 8,760 hourly digests and as many closed segments as there are; each takes about a kilobyte. */
const maximumChainBytes = 1024 * 1024 * 1024;

const blocksFileName = (segment: number): string => `${String(segment).padStart(10, '0')}.blocks`;
const chainPath = (logDirectory: string): string => `${logDirectory}/${proofDirectory}/${digestsFileName}`;

/** The chain of a log as it stands on disk: two lines a digest; whether they are signed is for a verifier to say. */
export async function readChain(
  fs: LogFileSystem,
  logDirectory: string,
): Promise<{ readonly digests: readonly string[]; readonly wholeBytes: number; readonly torn: boolean }> {
  const stat = await fs.stat(chainPath(logDirectory));
  const bytes = stat && (await readSmallFile(fs, chainPath(logDirectory), Math.min(stat.bytes, maximumChainBytes)));
  const text = Buffer.from(bytes ?? []).toString('utf8');
  const lines = text.split('\n');
  const whole = (lines.length - 1) & ~1;
  const digests = Array.from({ length: whole / 2 }, (_, i) => `${lines[2 * i] ?? ''}\n${lines[2 * i + 1] ?? ''}\n`);
  const wholeBytes = Buffer.byteLength(digests.join(''));
  return { digests, wholeBytes, torn: wholeBytes < (bytes?.length ?? 0) };
}

/** The blocks of a segment as they were when it was sealed last; undefined where the file is missing. */
export async function storedBlocks(
  fs: LogFileSystem,
  logDirectory: string,
  segment: number,
): Promise<readonly Block[] | undefined> {
  const bytes = await readSmallFile(fs, `${logDirectory}/${proofDirectory}/${blocksFileName(segment)}`, maximumBlockListBytes);
  return bytes && decodeBlocks(bytes);
}

export interface DigestChainOptions {
  readonly fs: LogFileSystem;
  /** The log's folder. */
  readonly directory: string;
  readonly log: string;
  readonly cluster: string;
  readonly key: SigningKey;
  /** A key that is to take over, or did so in this log already: then it signs. */
  readonly nextKey?: SigningKey | undefined;
  /** Does what must succeed on a full disk. Default: nothing special. */
  readonly spend?: <T>(action: () => Promise<T>) => Promise<T>;
}

/** The writing end of a log's chain of digests. One process at a time: the one that holds the log. */
export class DigestChain {
  readonly #options: DigestChainOptions;
  readonly #leaves: Uint8Array[] = [];
  #key: SigningKey;
  #signer: string | undefined;
  #bytes = 0;
  #previous = noPrevious;
  #last: Digest | undefined;

  private constructor(options: DigestChainOptions) {
    this.#options = options;
    this.#key = options.key;
  }

  /**
   * Goes on where the chain on disk ends.
   * @param seen told of each digest there is, in order
   * @throws Fault E_PROOF_CHAIN where a file in it is no digest
   */
  static async open(options: DigestChainOptions, seen: (digest: Digest) => void): Promise<DigestChain> {
    const { fs, directory, log } = options;
    const chain = new DigestChain(options);
    await fs.makeDirectory(`${directory}/${proofDirectory}`);
    const { digests, wholeBytes, torn } = await readChain(fs, directory);
    for (const [index, text] of digests.entries()) {
      const [document = '', line = ''] = text.split('\n');
      const digest = parse(document);
      if (digest?.sequence !== index + 1 || digest.previous !== chain.#previous) throw chainFault(log, index + 1);
      chain.#accept(digest, document, signerOf(line));
      seen(digest);
    }
    const { nextKey } = options;
    if (nextKey && chain.#signer === idOf(nextKey)) chain.#key = nextKey;
    chain.#bytes = wholeBytes;
    if (torn) await chain.#withFile((file) => file.truncate(wholeBytes));
    return chain;
  }

  get size(): number {
    return this.#leaves.length;
  }

  /** Hashes of the documents, in order: leaves of the tree that checkpoints are about. */
  get leaves(): readonly Uint8Array[] {
    return this.#leaves;
  }

  /** When the last digest was made; negative infinity where there is none. Milliseconds since the epoch. */
  get lastMadeMs(): number {
    return this.#last ? Date.parse(this.#last.made) : Number.NEGATIVE_INFINITY;
  }

  /** Id of the key whose turn it is, as the chain says; undefined where nothing was signed yet. */
  get signer(): string | undefined {
    return this.#signer;
  }

  /** Whose log, as checkpoints say. */
  get origin(): string {
    return `auditveil/${this.#options.cluster}/${this.#options.log}`;
  }

  /** The key that signs what is added. */
  get key(): SigningKey {
    return this.#key;
  }

  /** Lets another key take over: the one before signs that it does. Nothing is done where it signs already. */
  async introduce(next: SigningKey, nowMs: number): Promise<void> {
    if (idOf(next) === idOf(this.#key)) return;
    await this.add({ kind: 'key', publicKey: next.publicPem }, nowMs);
    this.#key = next;
  }

  /** Writes the next digest, durably. @param blocks of the segment that it seals */
  async add(content: DigestContent, nowMs: number, blocks?: readonly Block[]): Promise<Digest> {
    const { fs, directory, log, cluster, spend = (action) => action() } = this.#options;
    const digest = {
      ...{ format: 'auditveil.digest/1', log, cluster, sequence: this.size + 1, previous: this.#previous },
      ...{ made: new Date(nowMs).toISOString(), ...content },
    } as Digest;
    const { file: text, document } = signDigest(digest, this.#key);
    const bytes = Buffer.from(text);
    await spend(async () => {
      if (blocks && 'segment' in content)
        await replaceFile(fs, `${directory}/${proofDirectory}`, blocksFileName(content.segment), encodeBlocks(blocks));
      await this.#withFile(async (file) => {
        await file.truncate(this.#bytes);
        await writeFully(file, [bytes], this.#bytes);
        await file.datasync();
      });
    });
    this.#bytes += bytes.length;
    this.#accept(digest, document, idOf(this.#key));
    return digest;
  }

  /** What stands behind the whole digests is written over: a failed write leaves nothing that counts. */
  async #withFile(use: (file: LogFile) => Promise<void>): Promise<void> {
    const { fs, directory } = this.#options;
    const path = chainPath(directory);
    const isNew = (await fs.stat(path)) === undefined;
    const file = await fs.open(path, isNew ? 'create' : 'modify');
    try {
      await use(file);
    } finally {
      await file.close();
    }
    if (isNew) await fs.syncDirectory(`${directory}/${proofDirectory}`);
  }

  #accept(digest: Digest, document: string, signer: string | undefined): void {
    this.#last = digest;
    this.#signer = digest.kind === 'key' ? publicKeyId(digest.publicKey) : signer;
    this.#previous = documentHash(document);
    this.#leaves.push(leafHash(Buffer.from(document)));
  }
}

const idOf = ({ publicPem }: SigningKey): string | undefined => publicKeyId(publicPem);

function parse(document: string): Digest | undefined {
  try {
    return JSON.parse(document) as Digest;
  } catch {
    return undefined;
  }
}

function chainFault(log: string, sequence: number): Fault {
  return new Fault(`digest ${sequence} of the ${log} log is damaged or missing`, {
    code: 'E_PROOF_CHAIN',
    remedy: 'Look with `auditveil verify`. New digests are made once the file is moved away; what they prove then begins anew.',
  });
}
