import type { Plan } from '../scan/plan.ts';
import type { PlanInput } from './compile-plan.ts';

/** Plans by key, as the build writes them: a change of this text, of packs or of rules makes another key. */
const format = 1;

/** What JSON has no word for. */
interface Written {
  readonly typed: keyof typeof types;
  readonly base64: string;
}
const types = { Uint8Array, Uint16Array, Uint32Array } as const;

/**
 * Names what a plan is compiled from, as 64 hex digits.
 * @param compiler names the compiler: a plan of another one must not be found
 * @param hash SHA-256 in hex
 */
export function planKey(input: Omit<PlanInput, 'digest'>, compiler: string, hash: (text: string) => string): string {
  const { packs, fields, rules, correlations } = input;
  return hash(JSON.stringify([format, compiler, packs, fields, rules, correlations]));
}

/** A plan as JSON text; typed arrays as base64 of their little-endian bytes. */
export function encodePlan(plan: Plan): string {
  return JSON.stringify(plan, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { typed: value.constructor.name, base64: bytes.toString('base64') };
  });
}

/** The plan that `encodePlan` wrote. @throws SyntaxError where the text is no JSON */
export function decodePlan(text: string): Plan {
  return JSON.parse(text, (_, value: unknown) => (isWritten(value) ? typedArray(value) : value)) as Plan;
}

function isWritten(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && 'typed' in value && 'base64' in value;
}

/** Copied to memory of its own: views of wider numbers need an aligned start. */
function typedArray({ typed, base64 }: Written): Uint8Array | Uint16Array | Uint32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return new types[typed](bytes.buffer);
}
