import { createHash, timingSafeEqual } from 'node:crypto';

interface KnownToken {
  readonly name: string;
  readonly digest: Uint8Array;
}

/** Bearer tokens by name. Only their digests are kept. */
export class TokenSet {
  readonly #tokens: readonly KnownToken[];

  constructor(tokens: readonly { readonly name: string; readonly token: string }[]) {
    this.#tokens = tokens.map(({ name, token }) => ({ name, digest: digestOf(token) }));
  }

  get size(): number {
    return this.#tokens.length;
  }

  /** Name of the token that this text is. Takes the same time for every text of one length: all tokens are compared, whole. */
  nameOf(text: string): string | undefined {
    const digest = digestOf(text);
    let name: string | undefined;
    for (const known of this.#tokens) if (timingSafeEqual(known.digest, digest)) name = known.name;
    return name;
  }
}

function digestOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
