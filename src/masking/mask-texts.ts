import type { KeyRing } from '../crypto/key-ring.ts';
import type { MaskTexts } from '../scan/ports.ts';
import { parseMask } from './mask-grammar.ts';
import type { MaskAction } from './pack.ts';
import { AddressPseudonymiser, redaction, TokenPseudonymiser } from './pseudonym.ts';
import { validators } from './validators.ts';

/** What decides a mask's text: a rule of the plan, with its kind by name. */
export interface MaskTextRule {
  readonly kind: string;
  readonly action: MaskAction;
  readonly pseudonym: 'token' | 'address';
  readonly encode: 'base64' | undefined;
}

/** Writes the masks of a plan's rules with the keys of a ring. A kind's rules share one key and one cache. */
export class KeyedMaskTexts implements MaskTexts {
  readonly #rules: readonly MaskTextRule[];
  readonly #redactions: readonly Uint8Array[];
  readonly #tokens = new Map<string, TokenPseudonymiser>();
  readonly #addresses: AddressPseudonymiser;

  constructor(rules: readonly MaskTextRule[], ring: KeyRing) {
    this.#rules = rules;
    this.#redactions = rules.map((rule) => encode(redaction(rule.kind), rule));
    this.#addresses = new AddressPseudonymiser(ring);
    for (const { kind, action, pseudonym } of rules) {
      if (action === 'pseudonymise' && pseudonym === 'token' && !this.#tokens.has(kind)) {
        this.#tokens.set(kind, new TokenPseudonymiser(ring, kind));
      }
    }
  }

  redaction(rule: number): Uint8Array {
    return this.#redactions[rule]!;
  }

  pseudonym(rule: number, text: string): Uint8Array | undefined {
    const { kind, pseudonym } = this.#rules[rule]!;
    if (pseudonym === 'token' && parseMask(text)?.kind === kind) return undefined;
    const written = (pseudonym === 'address' ? this.#addresses : this.#tokens.get(kind))?.pseudonym(text);
    return written === undefined ? undefined : encode(written, this.#rules[rule]!);
  }

  validate(validator: string, text: string): boolean {
    return validators[validator]?.(text) ?? false;
  }
}

function encode(text: string, rule: MaskTextRule): Uint8Array {
  return Buffer.from(rule.encode === 'base64' ? Buffer.from(text).toString('base64') : text);
}
