/** One event, or whatever was pasted, as it would leave the agent. */
export interface MaskedDocument {
  /** Empty where it could not be masked: the agent would write a stub. */
  readonly masked: string;
  readonly stub: string | undefined;
  readonly masks: readonly ExplainedMask[];
}

/** As src/masking/explain-masks.ts has it: why a place is masked, with nothing of the value. */
export interface ExplainedMask {
  readonly path: string;
  readonly kind: string;
  readonly action: string;
  readonly about: string;
  readonly evidence: { readonly by: string; readonly says: string };
  readonly masked: string;
  readonly count: number;
}

/** What the page asks its worker: the key first, then texts. */
export type Asked = { readonly key: Uint8Array } | { readonly text: string };

/** What it is answered. */
export type Answer = { readonly ready: true } | { readonly documents: readonly MaskedDocument[] } | { readonly failed: string };
