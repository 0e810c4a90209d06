import { Fault } from '../core/faults.ts';
import { canonicalJson } from './canonical-json.ts';
import type { KeyRing } from './key-ring.ts';
import { isSignedBy, publicKeyId, type SigningKey } from './signing-key.ts';

/** Exactly what destroying does, and where that ends. */
const statement =
  'The key of this epoch was removed from the key file. From this file, pseudonyms of this epoch can no longer be computed from a candidate value. Copies of the key file made before are not covered.';

/** What is certified. Times are RFC 3339 in UTC. */
export interface DestructionBody {
  readonly type: 'auditveil.key-destruction';
  readonly version: 1;
  readonly clusterGroup: string;
  readonly epoch: string;
  /** Of the key that is gone: who has a copy can tell that it is this one. */
  readonly fingerprint: string;
  readonly created: string;
  readonly from: string;
  /** When the next epoch took over. */
  readonly until: string;
  readonly destroyed: string;
  readonly statement: string;
}

/** A statement and its signature over the statement's canonical JSON (RFC 8785) as UTF-8. */
export interface DestructionCertificate {
  readonly body: DestructionBody;
  /** Ed25519, base64. */
  readonly signature: string;
  /** PEM. Proves nothing by itself: compare it with one that is known. */
  readonly publicKey: string;
}

/** The certificate of a destroyed epoch: the same again each time. @throws Fault E_USAGE_EPOCH where it is not destroyed */
export function certifyDestruction(ring: KeyRing, id: string, key: SigningKey): DestructionCertificate {
  const at = ring.epochs.findIndex((epoch) => epoch.id === id);
  const epoch = ring.epochs[at];
  if (epoch?.destroyed === undefined) throw new Fault(`epoch ${id} has not been destroyed`, { code: 'E_USAGE_EPOCH' });
  const { fingerprint, created, from, destroyed } = epoch;
  const body: DestructionBody = {
    type: 'auditveil.key-destruction',
    version: 1,
    clusterGroup: ring.clusterGroup,
    epoch: id,
    ...{ fingerprint, created, from, until: ring.epochs[at + 1]?.from ?? destroyed, destroyed, statement },
  };
  return { body, signature: Buffer.from(key.sign(signedText(body))).toString('base64'), publicKey: key.publicPem };
}

/** The bytes that are signed, as text. */
export function signedText(body: DestructionBody): string {
  return canonicalJson({ ...body });
}

export interface Verified {
  readonly body: DestructionBody;
  /** Of the key that signed. */
  readonly keyId: string;
}

/**
 * Checks a certificate against a public key.
 * @param trusted PEM; undefined: the certificate's own key, which only shows that it was not changed since
 * @throws Fault E_VERIFY_FORMAT, E_VERIFY_SIGNATURE
 */
export function verifyCertificate(text: string, trusted: string | undefined): Verified {
  const certificate = readCertificate(text);
  const key = trusted ?? certificate.publicKey;
  const keyId = publicKeyId(key);
  const signature = Buffer.from(certificate.signature, 'base64');
  if (keyId === undefined || !isSignedBy(key, signedText(certificate.body), signature)) {
    throw new Fault('the signature is not that of this key over this statement', {
      code: 'E_VERIFY_SIGNATURE',
      remedy: 'It was changed, or signed with another key: do not rely on it.',
    });
  }
  return { body: certificate.body, keyId };
}

function readCertificate(text: string): DestructionCertificate {
  let value: Partial<DestructionCertificate> | null;
  try {
    value = JSON.parse(text) as Partial<DestructionCertificate> | null;
  } catch {
    value = null;
  }
  const { body, signature, publicKey } = value ?? {};
  const isFlat =
    typeof body === 'object' &&
    body !== null &&
    Object.values(body).every((one) => typeof one === 'string' || Number.isSafeInteger(one));
  if (!isFlat || typeof signature !== 'string' || typeof publicKey !== 'string' || body.type !== 'auditveil.key-destruction')
    throw new Fault('this is no certificate of a destroyed key', { code: 'E_VERIFY_FORMAT' });
  return { body, signature, publicKey };
}
