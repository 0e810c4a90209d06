import type { KeyRing } from '../crypto/key-ring.ts';
import type { MaskTexts } from '../scan/ports.ts';
import { NetworkAddress, pseudonymiseAddress } from './address.ts';
import { parseMask } from './mask-grammar.ts';
import type { MaskAction, PseudonymForm } from './pack.ts';
import { AddressPseudonymiser, redaction, TokenPseudonymiser } from './pseudonym.ts';
import { validators } from './validators.ts';

/** What decides a mask's text: a rule of the plan, with its kind by name. */
export interface MaskTextRule {
  readonly kind: string;
  readonly action: MaskAction;
  readonly pseudonym: PseudonymForm;
  readonly encode: 'base64' | undefined;
}

/** Shorter values are redacted whole: four characters would say too much of them. */
const keepLast4From = 12;

/** Writes the masks of a plan's rules with the keys of a ring. A kind's rules share one key and one cache. */
export class KeyedMaskTexts implements MaskTexts {
  readonly #rules: readonly MaskTextRule[];
  readonly #redactions: readonly Uint8Array[];
  readonly #tokens = new Map<string, TokenPseudonymiser>();
  readonly #addresses: AddressPseudonymiser;
  readonly #networks = new NetworkAddress();

  /** @param seen told of each value that is pseudonymised, by kind, when it was not seen lately; never of what is redacted */
  constructor(rules: readonly MaskTextRule[], ring: KeyRing, seen?: (kind: string, value: string, pseudonym: string) => void) {
    this.#rules = rules;
    this.#redactions = rules.map((rule) => encode(redaction(rule.kind), rule));
    this.#addresses = new AddressPseudonymiser(ring, seen && ((value, pseudonym) => seen('address', value, pseudonym)));
    for (const { kind, action, pseudonym } of rules) {
      if (action === 'pseudonymise' && pseudonym === 'token' && !this.#tokens.has(kind)) {
        this.#tokens.set(kind, new TokenPseudonymiser(ring, kind, seen && ((value, pseudonym) => seen(kind, value, pseudonym))));
      }
    }
  }

  redaction(rule: number): Uint8Array {
    return this.#redactions[rule]!;
  }

  pseudonym(rule: number, text: string): Uint8Array | undefined {
    const one = this.#rules[rule]!;
    if (one.action === 'keep-last-4') return this.#keepLast4(rule, text);
    if (one.pseudonym === 'token' && parseMask(text)?.kind === one.kind) return undefined;
    const written = this.#written(one, text);
    return written === undefined ? undefined : encode(written, one);
  }

  validate(validator: string, text: string): boolean {
    return validators[validator]?.(text) ?? false;
  }

  #written({ kind, pseudonym }: MaskTextRule, text: string): string | undefined {
    if (pseudonym === 'address') return this.#addresses.pseudonym(text);
    if (pseudonym === 'network') return pseudonymiseAddress(text, this.#networks);
    return this.#tokens.get(kind)?.pseudonym(text);
  }

  /** The redaction and the value's last four letters or digits, where they are a small part of it. */
  #keepLast4(rule: number, text: string): Uint8Array | undefined {
    const one = this.#rules[rule]!;
    if (parseMask(text)?.kind === one.kind) return undefined;
    const value = one.encode === 'base64' ? Buffer.from(text, 'base64').toString() : text;

    const last = /[A-Za-z0-9]{4}$/.exec(value)?.[0];
    if (last === undefined || value.length < keepLast4From) return this.redaction(rule);
    return encode(`${redaction(one.kind)}${last}`, one);
  }
}

/** In memory of its own: masks are remembered for long, and a part of memory that is shared keeps all of it. */
function encode(text: string, rule: MaskTextRule): Uint8Array {
  const written = rule.encode === 'base64' ? Buffer.from(text).toString('base64') : text;
  const bytes = new Uint8Array(Buffer.byteLength(written));
  // ASCII, as masks and addresses are: so short an array is written faster here than by a call.
  if (bytes.length === written.length) for (let i = 0; i < bytes.length; i++) bytes[i] = written.charCodeAt(i);
  else bytes.set(Buffer.from(written));
  return bytes;
}
