/** A JSON object as `JSON.parse` gives it. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of its own of an object; undefined of anything else. */
export const memberOf = (value: unknown, name: string): unknown =>
  isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** The value at the end of a path of members. */
export const memberAt = (value: unknown, ...path: readonly string[]): unknown => path.reduce(memberOf, value);

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

/** The texts of a list; what is no text is left out. */
export const textsOf = (value: unknown): readonly string[] => listOf(value).filter((item) => typeof item === 'string');
