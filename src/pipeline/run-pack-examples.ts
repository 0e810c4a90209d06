import { limits } from '../core/limits.ts';
import { recordFlags, recordLayout } from '../core/record.ts';
import type { Inspector, Tile } from '../core/tile.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { Pack, PackExample } from '../masking/pack.ts';
import { applyPolicy } from '../masking/policy.ts';
import { composeEngine, noRules } from './compose-engine.ts';

/** How one example of a pack came out. */
export interface PackExampleResult {
  readonly pack: string;
  readonly file: string;
  readonly line: number;
  readonly example: string;
  /** What went wrong, without the example's text; undefined where it passed. */
  readonly why: string | undefined;
}

/** Runs every example of every pack through the inspector, with all packs in force, under the policy `standard`. */
export function runPackExamples(packs: readonly Pack[], keyRing: KeyRing): readonly PackExampleResult[] {
  const inspectors = new Map<string, Inspector>();
  const inspectorOf = (enable: readonly string[]): Inspector => {
    const name = [...enable].sort().join(',');
    const known = inspectors.get(name);
    if (known) return known;
    const policy = applyPolicy(packs, { policy: 'standard', enable, keepUsers: [] });
    const { inspector } = composeEngine({ policy, rules: noRules, keyRing });
    inspectors.set(name, inspector);
    return inspector;
  };
  return packs.flatMap((pack) =>
    pack.examples.map((example) => ({
      pack: pack.id,
      file: pack.file,
      line: example.line,
      example: example.name,
      why: judge(example, inspectorOf(example.enable)),
    })),
  );
}

/** An example's event; a text becomes the value of a ConfigMap key. */
function eventOf({ event, text }: PackExample): string {
  return JSON.stringify(event ?? { kind: 'Event', requestObject: { kind: 'ConfigMap', data: { 'app.conf': text } } });
}

function judge(example: PackExample, inspector: Inspector): string | undefined {
  const event = eventOf(example);
  const output = inspectText(inspector, event);
  if (output === undefined) return 'became a stub';
  if (example.unchanged && output !== event) return 'should not change and does';
  if (example.gone.some((text) => spellings(text).some((form) => output.includes(form)))) return 'keeps something that must go';
  if (example.stays.some((text) => !spellings(text).some((form) => output.includes(form))))
    return 'loses something that must stay';
  return undefined;
}

/** A text as it may stand in JSON: plain, or escaped once or twice. */
function spellings(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [text, once, JSON.stringify(once).slice(1, -1)];
}

function inspectText(inspector: Inspector, text: string): string | undefined {
  const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(limits.tilePaddingBytes)]);
  const end = bytes.length - limits.tilePaddingBytes;
  const tile: Tile = {
    bytes,
    count: 1,
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(end),
    offsets: Float64Array.of(0),
    items: Uint32Array.of(0),
    covers: Uint32Array.of(end),
    reasons: Uint8Array.of(0),
    context: { cluster: '', source: 'examples', stream: '' },
    receivedAtUs: 0,
  };
  const masked = inspector.inspect(tile);
  if (((masked.flags[0] ?? 0) & recordFlags.stub) !== 0) return undefined;
  const view = new DataView(masked.bytes.buffer, masked.bytes.byteOffset, masked.bytes.byteLength);
  const at = masked.offsets[0] ?? 0;
  return Buffer.from(
    masked.bytes.subarray(at + view.getUint32(at + recordLayout.headerBytes, true), at + (masked.lengths[0] ?? 0)),
  ).toString('utf8');
}
