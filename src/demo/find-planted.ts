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

/** What a search looks for, prepared once for many outputs. */
export interface PlantedNeedles {
  readonly secrets: readonly PlantedSecret[];
  readonly needles: readonly { readonly secret: PlantedSecret; readonly bytes: Buffer }[];
}

export function prepareNeedles(planted: readonly PlantedSecret[]): PlantedNeedles {
  const secrets = [...new Map(planted.map((secret) => [secret.value, secret])).values()];
  const needles = secrets.flatMap((secret) => {
    const inside = secret.kind === 'secret-data' ? encodingsOf(decoded(secret.value)) : [];
    const forms = new Set([...encodingsOf(secret.value), ...inside, ...windowsOf(secret)]);
    return [...forms].map((form) => ({ secret, bytes: Buffer.from(form, 'latin1') }));
  });
  return { secrets, needles };
}

/**
 * The planted secrets that are in `output`, each at most once. Time grows with needles × bytes: meant for megabytes.
 */
export function findPlanted(needles: PlantedNeedles, output: Uint8Array): readonly PlantedSecret[] {
  const bytes = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const found = new Set<PlantedSecret>();
  for (const { secret, bytes: needle } of needles.needles) {
    if (!found.has(secret) && bytes.includes(needle)) found.add(secret);
  }
  return [...found];
}
