import type { KeyRing } from '../crypto/key-ring.ts';
import { formatSteps } from '../masking/explain-masks.ts';
import type { MaskTracer, Trace } from '../masking/mask-trace.ts';
import { isCovered } from '../masking/policy-diff.ts';
import { composeEngine, type Engine, noRules } from './compose-engine.ts';
import { traceEngine } from './trace-engine.ts';

/** A value that a rule would mask and a keep rule leaves as it is. Holds nothing of the value. */
export interface KeptValue {
  readonly path: string;
  /** What would mask it. */
  readonly kind: string;
  readonly rule: string;
  /** The keep rule without which it would be masked; undefined where several keep it. */
  readonly keptBy: string | undefined;
}

interface Variant {
  readonly engine: Engine;
  readonly tracer: MaskTracer;
}

/** Finds what keep rules keep: traces events again under the same packs without them, then without each one. */
export class KeptFinder {
  readonly #engine: Engine;
  readonly #keyRing: KeyRing;
  readonly #keepRules: readonly string[];
  readonly #variants = new Map<string, Variant>();

  constructor(engine: Engine, keyRing: KeyRing) {
    this.#engine = engine;
    this.#keyRing = keyRing;
    const rules = engine.policy.packs.flatMap((pack) => pack.rules);
    this.#keepRules = rules.filter(({ operation }) => operation.type === 'keep').map(({ id }) => id);
  }

  /** @param trace of the same event under all rules */
  find(bytes: Uint8Array, start: number, end: number, trace: Trace): readonly KeptValue[] {
    if (this.#keepRules.length === 0) return [];
    const all = this.#without(this.#keepRules);
    const { maskRules, kinds } = all.engine.plan;
    const kept = all.tracer.trace(bytes, start, end).masks.filter((mask) => !isCovered(mask, trace.masks));
    return kept.map((mask) => {
      const keptBy = this.#keepRules.find((id) => {
        const { masks } = this.#without([id]).tracer.trace(bytes, start, end);
        return masks.some((other) => other.end === mask.end && other.at.join() === mask.at.join());
      });
      const rule = maskRules[mask.rule];
      return { path: formatSteps(mask.steps), kind: kinds[rule?.kind ?? -1] ?? '', rule: rule?.id ?? '', keptBy };
    });
  }

  #without(ids: readonly string[]): Variant {
    const key = ids.join();
    const known = this.#variants.get(key);
    if (known) return known;
    const { policy } = this.#engine;
    const packs = policy.packs.map((pack) => ({ ...pack, rules: pack.rules.filter((rule) => !ids.includes(rule.id)) }));
    const engine = composeEngine({ policy: { ...policy, packs }, rules: noRules, keyRing: this.#keyRing });
    const made = { engine, tracer: traceEngine(engine, this.#keyRing) };
    this.#variants.set(key, made);
    return made;
  }
}
