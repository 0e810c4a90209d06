/**
 * Tells generated text from written text. Names, versions, ids of objects and paths change rarely between lower case,
 * upper case and digits; random characters do so at every second step.
 */

/** Bits per character (Shannon). */
export function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuidWithin = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** Only hexadecimal digits, or an id of that shape: digests and ids are. */
export const isHexOrUuid = (text: string): boolean => /^(?:0x)?[0-9a-f]+$/i.test(text) || uuid.test(text);

/** Changes between lower case, upper case and digits. */
function changes(text: string): number {
  let [count, before] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code > 96 && code < 123 ? 1 : code > 64 && code < 91 ? 2 : code > 47 && code < 58 ? 3 : 0;
    if (kind !== 0 && before !== 0 && kind !== before) count++;
    if (kind !== 0) before = kind;
  }
  return count;
}

const hasLetter = /[A-Za-z]/;
const hasDigit = /[0-9]/;
/** Typed by hand, not generated. */
const hasAlphabet = /abcdefgh/;

/**
 * A bare string that can hardly be anything but a generated secret: no hexadecimal digest, no UUID, no readable base64,
 * no name put together from words, nothing with a run of the alphabet in it. Says no in doubt.
 */
export function isRandomToken(text: string): boolean {
  if (isHexOrUuid(text) || !hasLetter.test(text) || !hasDigit.test(text) || hasAlphabet.test(text)) return false;
  const core = text.replace(/=+$/, '').replace(uuidWithin, '');
  if (core.length < 10) return false;
  // Names of objects, hosts, versions and paths are short parts; one long part must be random by itself.
  const longest = core.split(/[-._/:+]/).reduce((a, b) => (b.length > a.length ? b : a), '');
  const mixed = /[a-z]/.test(core) && /[A-Z]/.test(core);
  if (longest.length < (mixed ? 10 : 16) || isHexOrUuid(longest)) return false;
  const share = changes(core) / core.length;
  return entropyBits(core) >= (core.length < 24 ? 3.3 : 3.6) && share >= (mixed ? 0.38 : 0.25) && !isReadableBase64(text);
}

/** Base64 of plain text: settings are kept so. */
export function isReadableBase64(text: string): boolean {
  if (text.length < 16 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  return /^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(text, 'base64').toString('latin1'));
}

/**
 * A value that stands under a name like `key`, `token` or `auth`: long enough and not a word, a number of few digits, a path, a version
 * or a name in code. Digests and UUIDs count: the name says what they are.
 */
export function isKeyLike(text: string): boolean {
  if (text.length < 12 || !/^[\x21-\x7e]+$/.test(text) || isAlphabet(text)) return false;
  if (isHexOrUuid(text)) return entropyBits(text) > 2;
  if (/^[0-9]+$/.test(text)) return text.length >= 16;
  const longest = text.split(/[^A-Za-z0-9]/).reduce((a, b) => (b.length > a.length ? b : a), '');
  if (!hasDigit.test(text)) return longest.length >= 20 && !isIdentifier(longest) && entropyBits(text) > 3.2 && !isCode(text);
  if (isObjectName(text) && longest.length < 20) return false;
  if (longest.length < 8 || (changes(text) < 3 && longest.length < 16) || entropyBits(text) <= 2.5) return false;
  return !isCode(text) && !isHostOrAddress(text);
}

/**
 * A value that only follows a word like `secret` or the name of a service: as key-like, and one unbroken part of it long
 * enough that it is no name of an object, host, path or version.
 */
export function isLabelled(text: string): boolean {
  const core = text.replace(/^[-=]+|[-=.]+$/g, '');
  if (isHexOrUuid(core)) return core.length >= 20 && entropyBits(core) > 2;
  if (/^[0-9]+$/.test(core)) return core.length >= 20;
  if (isObjectName(core) && !isGrouped(core)) return false;
  const longest = core.split(/[^A-Za-z0-9]/).reduce((a, b) => (b.length > a.length ? b : a), '');
  const digits = longest.replace(/[^0-9]/g, '').length;
  const dense = longest.length >= 12 && digits > 0 && (changes(longest) >= 3 || digits / longest.length > 0.4);
  return (
    isGrouped(core) ||
    (isKeyLike(core) && (longest.length >= 20 || dense || (core.length >= 18 && changes(core) / core.length > 0.25)))
  );
}

/** Names of pods and other objects: short parts in lower case, joined with hyphens. */
const isObjectName = (text: string): boolean => /^[a-z][a-z0-9]{0,23}(?:-[a-z0-9]{1,16})+$/.test(text);
/** The characters to choose from: a constant of encoders. */
const isAlphabet = (text: string): boolean => text.length >= 52 && new Set(text).size === text.length;
/** Groups of letters and digits of one size, as licences and ids are written. */
const isGrouped = (text: string): boolean =>
  /^[0-9a-z]{4,12}(?:-[0-9a-z]{4,12}){3,5}$/i.test(text) && (text.match(/[0-9][0-9a-z]*(?:-|$)/gi)?.length ?? 0) >= 3;
/** Words written together: InCamelCase. */
const isIdentifier = (text: string): boolean => mixedCase(text) && changes(text) < 9 && text.length < 40;
const mixedCase = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text);

const word = '[A-Za-z_$]+(?:[0-9]{1,4}[A-Za-z_]*)?';
/** Names joined with hyphens, member access and calls, files, addresses, versions. */
const code = [
  /^[a-z]{1,24}[0-9]{0,4}(?:[-_][a-z]{1,24}[0-9]{0,4})+$/i,
  new RegExp(`^${word}(?:(?:\\.|::|->)${word})+(?:\\(.*)?$`),
  new RegExp(`^${word}\\(.*$`),
  /\.(?:pem|crt|cer|key|p12|jks|json|ya?ml|txt|properties|conf|js|ts|py|java|go|html?|zip|png|svg)$/i,
  /^[a-z][a-z0-9+.-]*:\/\//i,
  /^v?[0-9]+(?:\.[0-9]+){1,3}(?:[-+.][\w.-]+)?$/,
];
const isCode = (text: string): boolean => code.some((one) => one.test(text));

/** A password somebody chose or made: at least six characters, letters and digits or signs; not a name in code, a version or a file. */
export function isChosen(text: string): boolean {
  if (text.length < 6 || text.length > 128 || !hasLetter.test(text)) return false;
  if (!hasDigit.test(text) && !/[!@#$%^&*?~+]/.test(text)) return false;
  if (isHexOrUuid(text) && text.length >= 16) return true;
  return !isObjectName(text) && !isCode(text) && !isHostOrAddress(text);
}

/**
 * A password right behind a word for one, without a sign between them: chosen, at least eight characters, and letters and
 * digits or cases change three times, as in no word with a number.
 */
export const isJumbled = (text: string): boolean => isChosen(text) && text.length >= 8 && changes(text) >= 3;

function isHostOrAddress(text: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]{1,5})?(?:\/[\w./-]*)?$/.test(text) || /^[0-9:.]+$/.test(text);
}

/** A line of a base64 block: long, random, of all three kinds of characters. */
export function isBase64Line(text: string): boolean {
  return (
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) &&
    mixedCase(text) &&
    hasDigit.test(text) &&
    entropyBits(text) >= 4.2 &&
    changes(text) / text.length >= 0.25 &&
    !isReadableBase64(text)
  );
}
