import type { ContextDictionary, Dictionary, PlanDictionary, PolicyName } from '../core/record.ts';
import type { TileContext } from '../core/tile.ts';
import { maskActions, type Plan } from '../scan/plan.ts';

export interface ContextEntry {
  /** First 8 bytes of the context dictionary's id. */
  readonly context: Uint8Array;
  readonly entries: readonly Dictionary[];
}

/** Contexts remembered; more clients than this make their dictionaries anew. */
const maxContexts = 1024;

/** The dictionaries that records refer to: one for the plan, one for each source, stream and client. */
export class RecordDictionaries {
  readonly #plan: Dictionary;
  readonly #policy: PolicyName;
  readonly #key: string;
  readonly #hash: (bytes: Uint8Array) => Uint8Array;
  readonly #known = new Map<string, ContextEntry>();

  /** @param key id of the key epoch that pseudonyms are made with @param hash SHA-256 */
  constructor(plan: Plan, policy: PolicyName, key: string, hash: (bytes: Uint8Array) => Uint8Array) {
    this.#hash = hash;
    this.#policy = policy;
    this.#key = key;
    const { rules, correlations, kinds } = plan;
    const table: PlanDictionary = { type: 'plan', rules, correlations, kinds, actions: maskActions };
    this.#plan = this.#dictionary(table);
  }

  of(context: TileContext): ContextEntry {
    const key = JSON.stringify([context.cluster, context.source, context.stream, context.client]);
    const known = this.#known.get(key);
    if (known) return known;
    const { cluster, source, stream, client } = context;
    const table: ContextDictionary = {
      type: 'context',
      cluster,
      source,
      stream,
      ...(client === undefined ? {} : { client }),
      policy: this.#policy,
      key: this.#key,
      plan: this.#plan.id,
    };
    const dictionary = this.#dictionary(table);
    const entry = { context: Buffer.from(dictionary.id.slice(0, 16), 'hex'), entries: [this.#plan, dictionary] };
    if (this.#known.size >= maxContexts) this.#known.clear();
    this.#known.set(key, entry);
    return entry;
  }

  #dictionary(table: PlanDictionary | ContextDictionary): Dictionary {
    const payload = Buffer.from(JSON.stringify(table));
    return { id: Buffer.from(this.#hash(payload).subarray(0, 16)).toString('hex'), payload };
  }
}
