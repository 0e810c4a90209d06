const replacement = '\\ufffd';
const suspicious = /\\u(?:0000|[dD][89a-fA-F])/;
/** One escape, or a pair of surrogates, at a time: so a backslash that is escaped itself is never taken for the start of one. */
const escapes = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g;

/**
 * JSON text that jsonb takes: the two things it refuses in strings, NUL characters and halves of surrogate pairs, become U+FFFD.
 * Everything else stays byte for byte. Source: PostgreSQL manual, "JSON Types".
 */
export function jsonbText(json: string): string {
  if (!suspicious.test(json)) return json;
  return json.replace(escapes, (found) =>
    found.length === 6 && (found === '\\u0000' || /^\\u[dD][89a-fA-F]/.test(found)) ? replacement : found,
  );
}
