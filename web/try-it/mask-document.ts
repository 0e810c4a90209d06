import { limits } from '../../src/core/limits.ts';
import { Secret } from '../../src/core/secret.ts';
import { stubReasons } from '../../src/core/tile.ts';
import { KeyRing } from '../../src/crypto/key-ring.ts';
import { explainMasks } from '../../src/masking/explain-masks.ts';
import { KeyedMaskTexts } from '../../src/masking/mask-texts.ts';
import { MaskTracer } from '../../src/masking/mask-trace.ts';
import type { Pack } from '../../src/masking/pack.ts';
import { gzip } from '../../src/pipeline/gzip.ts';
import type { Plan } from '../../src/scan/plan.ts';
import type { MaskedDocument } from './messages.ts';

/** A masker under a key that nobody else has. */
export function documentMasker(plan: Plan, packs: readonly Pack[], key: Uint8Array): (text: string) => MaskedDocument {
  const epoch = { id: 'k1', created: '', from: '1970-01-01T00:00:00Z', key: new Secret(key), fingerprint: '', holds: [] };
  const ring = new KeyRing('browser', [epoch], new Map());
  const rules = plan.maskRules.map((rule) => ({ ...rule, kind: plan.kinds[rule.kind] as string }));
  const tracer = new MaskTracer(plan, new KeyedMaskTexts(rules, ring), gzip);
  const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];
  return (text) => {
    const bytes = encoder.encode(text);
    const padded = new Uint8Array(bytes.length + limits.tilePaddingBytes);
    padded.set(bytes);
    const trace = tracer.trace(padded, 0, bytes.length);
    const stub = trace.fault === 0 ? undefined : stubReasons[trace.fault];
    return { masked: decoder.decode(trace.masked), stub, masks: explainMasks(trace, plan, packs) };
  };
}
