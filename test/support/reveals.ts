import { gunzipSync } from 'node:zlib';

const deepest = 7;

/** Says whether a text can be got out of another one: as it stands, or out of any encoding it may be packed in. */
export function reveals(text: string, secret: string, level = 0): boolean {
  if (text.includes(secret) || text.includes(escapeOnce(secret))) return true;
  if (level === deepest) return false;
  return insideOf(text).some((inner) => inner !== text && reveals(inner, secret, level + 1));
}

function escapeOnce(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What a reader may see in a text. */
function insideOf(text: string): string[] {
  const found: string[] = [];
  // Most texts are none: an error for each would take most of the time.
  const json = /^\s*["[{]/.test(text) ? attempt(() => JSON.parse(text) as unknown) : undefined;
  if (typeof json === 'string') found.push(json);
  else if (typeof json === 'object' && json !== null) found.push(...stringsOf(json));
  if (text.includes('\\'))
    found.push(
      text
        .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        .replace(/\\(["\\/])/g, '$1'),
      // Lines of an encoding that were joined by escapes.
      text.replace(/(?:\\[nr])+[ \t]*/g, ''),
    );
  if (/%[0-9a-fA-F]{2}/.test(text))
    found.push(text.replace(/%([0-7][0-9a-fA-F])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
  const joined = text.replace(/[\r\n]+[ \t]*/g, '');
  if (joined !== text) for (const [run] of joined.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g)) found.push(...decodings(run));
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g)) found.push(...decodings(run));
  return found;
}

function decodings(run: string): string[] {
  const found: string[] = [];
  const buffers = [Buffer.from(run, 'base64'), ...(/^(?:[0-9a-fA-F]{2})+$/.test(run) ? [Buffer.from(run, 'hex')] : [])];
  for (const bytes of buffers) {
    const unpacked = bytes[0] === 0x1f ? attempt(() => gunzipSync(bytes)) : undefined;
    for (const one of [bytes, ...(unpacked ? [unpacked] : [])]) {
      if (isText(one)) found.push(one.toString());
      if (one.length > 7 && one[1] === 0 && one[3] === 0) found.push(one.toString('utf16le'));
    }
  }
  return found;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.subarray(0, 24).every((byte) => byte >= 9 && byte !== 127);
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...stringsOf(inner)]);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
