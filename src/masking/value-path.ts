/** Where a byte of a JSON document belongs. */
export interface ValuePlace {
  /** Member names and element numbers from the root. */
  readonly path: readonly (string | number)[];
  /** The scalar's bytes: of a string without its quotes. */
  readonly start: number;
  readonly end: number;
  /** The byte is in the name of the last step, not in a value. */
  readonly isName: boolean;
}

/** A value that encloses the current one: its names, or the number of its element. */
interface Level {
  readonly isObject: boolean;
  step: string | number;
}

const [quote, backslash, comma] = [34, 92, 44];

/**
 * The places of bytes in a JSON document, which is known to be well-formed: `offsets` in ascending order, in one pass. A
 * byte that is in no scalar (structure) gives the place of the scalar that comes next.
 * @param nameOf the text to show for a name that is `bytes[start … end)`: names can hold what is masked
 */
export function placesOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  offsets: readonly number[],
  nameOf: (start: number, end: number) => string,
): readonly ValuePlace[] {
  const places: ValuePlace[] = [];
  const levels: Level[] = [];
  let expectsName = false;
  const found = (from: number, to: number, isName: boolean): void => {
    while (places.length < offsets.length && (offsets[places.length] as number) <= to)
      places.push({ path: levels.map((level) => level.step), start: from, end: to, isName });
  };
  for (let at = start; at < end && places.length < offsets.length; ) {
    const byte = bytes[at] as number;
    const level = levels.at(-1);
    if (byte === quote) {
      const close = closingQuote(bytes, at + 1, end);
      if (expectsName && level) level.step = nameOf(at + 1, close);
      found(at + 1, close, expectsName);
      expectsName = false;
      at = close + 1;
    } else if (byte === 123 || byte === 91) {
      levels.push({ isObject: byte === 123, step: byte === 123 ? '' : 0 });
      expectsName = byte === 123;
      at++;
    } else if (byte === 125 || byte === 93) {
      levels.pop();
      expectsName = false;
      at++;
    } else if (byte === comma) {
      if (level && !level.isObject) level.step = (level.step as number) + 1;
      expectsName = level?.isObject ?? false;
      at++;
    } else if (isScalarByte(byte)) {
      const from = at;
      while (at < end && isScalarByte(bytes[at] as number)) at++;
      found(from, at, false);
    } else at++;
  }
  return places;
}

/** A path as people write it: `spec.containers[0].env`, other names in brackets. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

function closingQuote(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return Math.min(at, end);
}

/** Letters, digits and signs of numbers, `true`, `false` and `null`. */
function isScalarByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 122) || byte === 43 || byte === 45 || byte === 46 || byte === 69;
}
