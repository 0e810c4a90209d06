/** The plan as one text: typed arrays as lists, members in the order they are built in. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (ArrayBuffer.isView(one) ? [...(one as Uint8Array)] : one));
}
