import { utf8Text } from '../core/byte-text.ts';
import type { Plan } from '../scan/plan.ts';
import type { PlanInput } from './compile-plan.ts';

/** Plans by key, as the build writes them: a change of this text, of packs or of rules makes another key. */
const format = 3;

const types = { Uint8Array, Uint16Array, Uint32Array } as const;
type TypedArray = Uint8Array | Uint16Array | Uint32Array;

/** A typed array: the members that lead to it, its type, and where its elements stand in the second part of the file, in bytes. */
type Written = readonly [path: readonly (string | number)[], type: keyof typeof types, at: number, length: number];

/** Arrays begin at a multiple of this many bytes, so that they can be used where they are. */
const alignment = 8;
const headBytes = 4;

/**
 * Names what a plan is compiled from, as 64 hex digits.
 * @param compiler names the compiler: a plan of another one must not be found
 * @param hash SHA-256 in hex
 */
export function planKey(input: Omit<PlanInput, 'digest'>, compiler: string, hash: (text: string) => string): string {
  const { packs, fields, rules, correlations } = input;
  return hash(JSON.stringify([format, compiler, packs, fields, rules, correlations]));
}

export const encodePlan = (plan: Plan): Uint8Array => encodeTables(plan);

/** The plan that `encodePlan` wrote. @throws as `decodeTables` */
export const decodePlan = (bytes: Uint8Array): Plan => decodeTables<Plan>(bytes);

/** Data with typed arrays in it as a file: the length of a JSON text, the text, and what the arrays hold, little-endian. */
export function encodeTables(data: object): Uint8Array {
  const arrays: Written[] = [];
  const parts: Uint8Array[] = [];
  let at = 0;
  const add = (value: TypedArray, path: readonly (string | number)[]): void => {
    arrays.push([path, value.constructor.name as keyof typeof types, at, value.length]);
    const padded = new Uint8Array(aligned(value.byteLength));
    padded.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    parts.push(padded);
    at += padded.length;
  };
  const plain = withoutArrays(data, [], add);
  const text = Buffer.from(JSON.stringify({ plan: plain, arrays }));
  const head = new Uint8Array(aligned(headBytes + text.length)).fill(32);
  new DataView(head.buffer).setUint32(0, text.length, true);
  head.set(text, headBytes);
  return Buffer.concat([head, ...parts]);
}

/** What `encodeTables` wrote; its arrays lie in `bytes`. @throws SyntaxError or RangeError where the bytes are something else, or not all of it */
export function decodeTables<T>(bytes: Uint8Array): T {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const { plan, arrays } = JSON.parse(utf8Text(bytes, headBytes, headBytes + length)) as {
    plan: T;
    arrays: readonly Written[];
  };
  const start = bytes.byteOffset + aligned(headBytes + length);
  for (const [path, type, at, count] of arrays) {
    const last = path.length - 1;
    const owner = path.slice(0, last).reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], plan);
    const Type = types[type];
    // What lies behind the bytes may be memory of others.
    if (start + at + count * Type.BYTES_PER_ELEMENT > bytes.byteOffset + bytes.byteLength)
      throw new RangeError('the file is cut off');
    (owner as Record<string, unknown>)[path[last] as string] = typedArray(Type, bytes.buffer as ArrayBuffer, start + at, count);
  }
  return plan;
}

const aligned = (size: number): number => Math.ceil(size / alignment) * alignment;

function typedArray(Type: (typeof types)[keyof typeof types], buffer: ArrayBuffer, at: number, count: number): TypedArray {
  // A small file may be read into memory that others use, too, and stand anywhere in it.
  if (at % alignment !== 0) return new Type(buffer.slice(at, at + count * Type.BYTES_PER_ELEMENT));
  return new Type(buffer, at, count);
}

/** The value with null in place of typed arrays, which are told of. */
function withoutArrays(
  value: unknown,
  path: readonly (string | number)[],
  found: (array: TypedArray, path: readonly (string | number)[]) => void,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    found(value as TypedArray, path);
    return null;
  }
  if (Array.isArray(value)) return value.map((one: unknown, i) => withoutArrays(one, [...path, i], found));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutArrays(one, [...path, key], found)]));
}
