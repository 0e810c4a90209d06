import type { KeyRing } from '../crypto/key-ring.ts';
import { KeyedMaskTexts } from '../masking/mask-texts.ts';
import { MaskTracer } from '../masking/mask-trace.ts';
import type { Engine } from './compose-engine.ts';
import { gzip } from './gzip.ts';

/** A tracer that masks exactly as the engine's inspector does under these keys. */
export function traceEngine({ plan }: Pick<Engine, 'plan'>, keyRing: KeyRing): MaskTracer {
  const rules = plan.maskRules.map((rule) => ({ ...rule, kind: plan.kinds[rule.kind] as string }));
  return new MaskTracer(plan, new KeyedMaskTexts(rules, keyRing), gzip);
}
