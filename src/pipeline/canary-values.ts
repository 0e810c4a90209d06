/** Parts of a value that must not be left of it. Shorter ones occur by chance. */
const windowLength = 12;
const shortestNeedle = 6;
/** Windows looked for in one value at most, evenly spread. */
const windowsPerValue = 48;

/** Names are short; with some letters more they can be looked for. */
const shortestVaried = 12;

/**
 * Another value of the same make: letters stay letters of their case, digits digits, all else and the first third stay. A
 * short name becomes longer.
 */
export function vary(value: string, random: (bytes: number) => Uint8Array): string {
  const from = Math.ceil(value.length / 3);
  const isName = /^[a-z][a-z0-9._-]*$/.test(value);
  const rest = (isName ? 'a'.repeat(Math.max(0, shortestVaried - value.length)) : '') + value.slice(from);
  const bytes = random(rest.length);
  let out = value.slice(0, from);
  for (let i = 0; i < rest.length; i++) out += sameClass(rest.charCodeAt(i), bytes[i] ?? 0);
  return out;
}

function sameClass(code: number, random: number): string {
  if (code >= 48 && code <= 57) return String.fromCharCode(48 + (random % 10));
  if (code >= 65 && code <= 90) return String.fromCharCode(65 + (random % 26));
  if (code >= 97 && code <= 122) return String.fromCharCode(97 + (random % 26));
  return String.fromCharCode(code);
}

/** A text as it may stand in JSON: plain, or escaped once or twice. */
export function spellings(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [...new Set([text, once, JSON.stringify(once).slice(1, -1)])];
}

/** A JSON text with one value in place of another, however it is escaped there. */
export function replaceValue(text: string, value: string, other: string): string {
  const others = spellings(other);
  let out = text;
  // The longest spelling first: the plain one may be a part of it.
  for (const [i, form] of [...spellings(value).entries()].reverse()) out = out.replaceAll(form, others[i] ?? other);
  return out;
}

/** The texts under which a value stands in an event: as it is, escaped, percent-encoded, in base64 at any alignment, in hex. */
function formsIn(event: string, value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first characters depend on the bytes in front, the last ones on those behind.
    return text.slice(shift === 0 ? 0 : 4, text.length - (text.length % 4));
  });
  const forms = [...spellings(value), encodeURIComponent(value), ...base64, bytes.toString('hex')];
  return [...new Set(forms)].filter((form) => form.length >= shortestNeedle && event.includes(form));
}

/**
 * What gives a value away in the masked event: itself, and, where nothing of it may be left, windows of it. What the event
 * holds elsewhere too gives nothing away. Empty for a value too short to look for.
 * @param whole only the value as a whole: a part of it may stay (addresses, values that keep their end)
 */
export function needlesOf(event: string, value: string, whole: boolean): readonly string[] {
  const needles = new Set<string>();
  for (const form of formsIn(event, value)) {
    const rest = event.replaceAll(form, '\u0000');
    for (const part of whole ? [form] : windowsOf(form)) if (!rest.includes(part)) needles.add(part);
  }
  return [...needles];
}

function windowsOf(form: string): readonly string[] {
  if (form.length <= windowLength) return [form];
  const last = form.length - windowLength;
  const step = Math.max(1, Math.ceil(last / windowsPerValue));
  const parts = [form.slice(last)];
  for (let at = 0; at < last; at += step) parts.push(form.slice(at, at + windowLength));
  return parts;
}

/** Masks of ours are no part of a value; their digits could look like one. */
export function withoutMasks(text: string): string {
  return text.replace(
    /(?:\[|%5B)MASKED(?::|%3A)[a-z0-9-]{1,63}(?:(?::|%3A)[a-z0-9]{1,16}(?::|%3A)[0-9a-f]{16})?(?:\]|%5D)/g,
    '\u0001',
  );
}
