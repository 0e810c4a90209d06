/** Requests longer than this are none that anybody made by hand. */
const longestText = 64 * 1024;

/** Attribute types by the DER of their object identifier, in hexadecimal (RFC 4514 section 3). */
const shortNames: Readonly<Record<string, string>> = { '550403': 'CN', '55040a': 'O', '55040b': 'OU', '550405': 'serialNumber' };
const tags = { integer: 0x02, identifier: 0x06, sequence: 0x30, set: 0x31, bmpString: 0x1e } as const;

interface Value {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The DER value at a place (ITU-T X.690 section 8.1); undefined where none fits there. */
function valueAt(bytes: Uint8Array, at: number, end: number): Value | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4) return undefined;
  let length = octets === 0 ? first : 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const start = at + 2 + octets;
  return start + length <= end ? { tag, start, end: start + length } : undefined;
}

/** Values that stand back to back inside another one, up to what is no value. */
function* valuesIn(bytes: Uint8Array, { start, end }: Value): Generator<Value> {
  for (let at = start; at < end; ) {
    const value = valueAt(bytes, at, end);
    if (!value) return;
    yield value;
    at = value.end;
  }
}

const textOf = (bytes: Uint8Array, { tag, start, end }: Value): string => {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  if (tag !== tags.bmpString) return content.toString('utf8');
  return Buffer.from(content.subarray(0, content.length & ~1))
    .swap16()
    .toString('utf16le');
};

/** `O=system:masters,CN=eve`, in the order of the request; commas, plus signs and backslashes of values after a backslash. */
function nameText(bytes: Uint8Array, name: Value): string {
  const parts: string[] = [];
  for (const set of valuesIn(bytes, name)) {
    for (const attribute of valuesIn(bytes, set)) {
      const [type, value] = valuesIn(bytes, attribute);
      if (type?.tag !== tags.identifier || !value) continue;
      const identifier = Buffer.from(bytes.subarray(type.start, type.end)).toString('hex');
      parts.push(`${shortNames[identifier] ?? identifier}=${textOf(bytes, value).replace(/[\\,+]/g, '\\$&')}`);
    }
  }
  return parts.join(',');
}

function subjectOf(bytes: Uint8Array): string {
  const request = valueAt(bytes, 0, bytes.length);
  const info = request?.tag === tags.sequence ? valueAt(bytes, request.start, request.end) : undefined;
  if (info?.tag !== tags.sequence) return '';
  const [version, name] = valuesIn(bytes, info);
  return version?.tag === tags.integer && name?.tag === tags.sequence ? nameText(bytes, name) : '';
}

/**
 * The subject of a certificate request (PKCS #10, RFC 2986) as `spec.request` holds it: base64 of PEM. Empty where the text
 * is none. Linear in its length.
 */
export function subjectOfRequest(text: string): string {
  if (text.length > longestText) return '';
  const pem = Buffer.from(text, 'base64').toString('latin1');
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([^-]*)-----END/.exec(pem)?.[1];
  return body === undefined ? '' : subjectOf(Buffer.from(body, 'base64'));
}
