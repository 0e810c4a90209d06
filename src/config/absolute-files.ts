const isFileOption = /^path$|File$|Files$|Directory$/;

/**
 * Options with the paths among them made absolute, at any depth. In the options of sinks, `path` and whatever ends in
 * `File`, `Files` or `Directory` is a path of a file, and nothing else is (a path of a URL is part of the `url`).
 */
export function absoluteFiles<T extends object>(options: T, from: (path: string) => string): T {
  const entries = Object.entries(options).map(([key, value]: [string, unknown]): [string, unknown] => {
    if (isFileOption.test(key) && typeof value === 'string') return [key, from(value)];
    if (isFileOption.test(key) && Array.isArray(value))
      return [key, (value as readonly unknown[]).map((one) => (typeof one === 'string' ? from(one) : one))];
    if (isPlainObject(value)) return [key, absoluteFiles(value, from)];
    return [key, value];
  });
  return Object.fromEntries(entries) as T;
}

/** Not a secret, which is an object of its own kind. */
function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
