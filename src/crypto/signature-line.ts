import { canonicalJson } from './canonical-json.ts';
import { isSignedBy, publicKeyId, type SigningKey } from './signing-key.ts';

const lineOf = (publicPem: string, signature: Uint8Array): string =>
  canonicalJson({
    ...{ algorithm: 'ed25519', key: publicKeyId(publicPem) ?? '' },
    signature: Buffer.from(signature).toString('base64'),
  });

/** A signature as it stands in a line of its own, without the line's end: `{"algorithm":"ed25519","key":…,"signature":…}`. */
export const signatureLine = (key: SigningKey, text: string): string => lineOf(key.publicPem, key.sign(text));

/**
 * The key that signed a text, PEM, of those given; undefined where none did. The line must be what that key writes to the byte, so
 * that no bit of it can be another.
 */
export function signerOfLine(line: string, text: string, publicPems: readonly string[]): string | undefined {
  const encoded = /"signature":"([A-Za-z0-9+/]{86}==)"\}$/.exec(line)?.[1];
  if (encoded === undefined) return undefined;
  const signature = Buffer.from(encoded, 'base64');
  return publicPems.find((pem) => lineOf(pem, signature) === line && isSignedBy(pem, text, signature));
}
