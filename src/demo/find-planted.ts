import type { PlantedSecret } from './plant.ts';

const jsonEscaped = (text: string): string => JSON.stringify(text).slice(1, -1);
const goEscaped = (text: string): string =>
  jsonEscaped(text).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
const withoutPadding = (text: string): string => text.replace(/=+$/, '');
/** base64url once decoded is a different text: search for what the data says, too. */
const decoded = (text: string): string => Buffer.from(text, 'base64').toString('latin1');

/**
 * The texts under which one value can hide in output: as it is, in JSON (as Go or as JavaScript writes it, once and twice),
 * percent-encoded, in base64 at each of the three alignments, as hex and as UTF-16. Texts under 8 characters are left out: they prove nothing.
 */
export function encodingsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8');
  const base64 = [0, 1, 2].map((shift) => {
    const text = withoutPadding(Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64'));
    // The first characters depend on the bytes in front, the last ones on those behind.
    return shift === 0 ? text.slice(0, text.length - (text.length % 4)) : text.slice(4, text.length - (text.length % 4));
  });
  const forms = [
    value,
    jsonEscaped(value),
    goEscaped(value),
    jsonEscaped(jsonEscaped(value)),
    jsonEscaped(goEscaped(value)),
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
    Buffer.from(value, 'utf16le').toString('latin1'),
  ];
  return [...new Set(forms)].filter((form) => form.length >= 8);
}

/**
 * Parts that must not be left of a secret that was cut instead of masked: 10 characters at its start, middle and end.
 * A public start (a JWT's header, a PEM label, a key's prefix) is not a secret and is skipped.
 */
function windowsOf(secret: PlantedSecret): readonly string[] {
  const body = secret.kind === 'pem' ? secret.value.replace(/-----[A-Z ]+-----/g, '').trim() : secret.value;
  if (secret.kind === 'email' || body.length < 20) return [];
  const middle = body.length >> 1;
  const parts = [body.slice(middle, middle + 10), body.slice(-10)];
  if (secret.kind === 'password' || secret.kind === 'bearer') parts.push(body.slice(0, 10));
  return parts.filter((part) => !part.includes('\n'));
}

interface Needle {
  readonly secret: PlantedSecret;
  readonly bytes: Buffer;
}

/** What a search looks for, prepared once for many outputs. */
export interface PlantedNeedles {
  /** Different values among those planted. */
  readonly secrets: readonly PlantedSecret[];
  /** By their first four bytes. */
  readonly byStart: ReadonlyMap<number, readonly Needle[]>;
  /** Which hashes of four bytes begin a needle: one bit each, so that most of the output is passed over quickly. */
  readonly filter: Uint8Array;
}

const filterBits = 18;
const filterSlot = (start: number): number => Math.imul(start, 0x9e3779b1) >>> (32 - filterBits);

export function prepareNeedles(planted: readonly PlantedSecret[]): PlantedNeedles {
  const secrets = [...new Map(planted.map((secret) => [secret.value, secret])).values()];
  const byStart = new Map<number, Needle[]>();
  const filter = new Uint8Array(1 << filterBits);
  for (const secret of secrets) {
    const inside = secret.kind === 'secret-data' ? encodingsOf(decoded(secret.value)) : [];
    for (const form of new Set([...encodingsOf(secret.value), ...inside, ...windowsOf(secret)])) {
      const bytes = Buffer.from(form, 'latin1');
      const start = bytes.readInt32LE(0);
      const others = byStart.get(start);
      if (others) others.push({ secret, bytes });
      else byStart.set(start, [{ secret, bytes }]);
      filter[filterSlot(start)] = 1;
    }
  }
  return { secrets, byStart, filter };
}

/** The planted secrets that are in `output`, each at most once. One pass, whatever their number. */
export function findPlanted(needles: PlantedNeedles, output: Uint8Array): readonly PlantedSecret[] {
  const { byStart, filter } = needles;
  const found = new Set<PlantedSecret>();
  if (output.length < 4) return [];
  let start = ((output[0] as number) << 8) | ((output[1] as number) << 16) | ((output[2] as number) << 24);
  for (let at = 0; at + 4 <= output.length; at++) {
    start = (start >>> 8) | ((output[at + 3] as number) << 24);
    if (filter[filterSlot(start)] === 0) continue;
    for (const { secret, bytes } of byStart.get(start) ?? []) {
      if (!found.has(secret) && bytes.equals(output.subarray(at, at + bytes.length))) found.add(secret);
    }
  }
  return [...found];
}
