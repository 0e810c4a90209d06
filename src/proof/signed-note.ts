import { sha256 } from '../crypto/sha256.ts';
import { isSignedBy, type SigningKey, spkiOf } from '../crypto/signing-key.ts';

/**
 * A checkpoint: how far a log had come, to be kept where the log is not. Written as a signed note (C2SP signed-note and
 * tlog-checkpoint): three lines of text, an empty one, and a line for each signature.
 */
export interface Checkpoint {
  /** Whose log: `auditveil/<cluster>/<log>`. */
  readonly origin: string;
  /** Digests in the chain. */
  readonly size: number;
  /** Merkle root over their documents, 32 bytes. */
  readonly root: Uint8Array;
}

const ed25519 = Uint8Array.of(1);
/** The raw public key ends the SubjectPublicKeyInfo of Ed25519. */
const rawKeyBytes = 32;
const keyHashBytes = 4;
/** An em dash and a space. */
const signatureMark = '\u2014 ';

const textOf = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;

export function writeCheckpoint(checkpoint: Checkpoint, key: SigningKey): string {
  const text = textOf(checkpoint);
  const signature = Buffer.concat([keyHash(checkpoint.origin, key.publicPem), key.sign(text)]).toString('base64');
  return `${text}\n${signatureMark}${checkpoint.origin} ${signature}\n`;
}

/** First bytes of SHA-256 over name and key, by which a note says who signed it. */
function keyHash(name: string, publicPem: string): Uint8Array {
  return sha256(`${name}\n`, ed25519, spkiOf(publicPem).subarray(-rawKeyBytes)).subarray(0, keyHashBytes);
}

/** A checkpoint as it was read, with its signature lines. */
export interface SignedCheckpoint extends Checkpoint {
  readonly signatures: readonly string[];
}

/** Reads checkpoints, one or several after another. Undefined where one of them is none. */
export function readCheckpoints(text: string): readonly SignedCheckpoint[] | undefined {
  const found: SignedCheckpoint[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ) {
    if (lines[at] === '') {
      at++;
      continue;
    }
    const [origin = '', size = '', root = '', gap] = lines.slice(at, at + 4);
    let end = at + 4;
    while (lines[end]?.startsWith(signatureMark)) end++;
    if (gap !== '' || !/^\d{1,15}$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root) || end === at + 4) return undefined;
    found.push({ origin, size: Number(size), root: Buffer.from(root, 'base64'), signatures: lines.slice(at + 4, end) });
    at = end;
  }
  return found.length > 0 ? found : undefined;
}

/** Whether one of the keys signed it. */
export function isCheckpointSigned(checkpoint: SignedCheckpoint, publicPems: readonly string[]): boolean {
  return publicPems.some((pem) => checkpoint.signatures.some((line) => isSignature(line, checkpoint, pem)));
}

function isSignature(line: string, checkpoint: Checkpoint, publicPem: string): boolean {
  const [, name, encoded = ''] = line.split(' ');
  const bytes = Buffer.from(encoded, 'base64');
  const hash = keyHash(checkpoint.origin, publicPem);
  return (
    name === checkpoint.origin &&
    bytes.subarray(0, keyHashBytes).equals(hash) &&
    isSignedBy(publicPem, textOf(checkpoint), bytes.subarray(keyHashBytes))
  );
}
