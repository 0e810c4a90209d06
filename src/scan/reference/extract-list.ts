import { type Extracts, valueTypes } from '../../core/extracts.ts';

/** The values found for the plan's fields in one event; its columns grow and are reused. */
export class ExtractList implements Extracts {
  bytes: Uint8Array = new Uint8Array(0);
  count = 0;
  fields = new Uint16Array(256);
  types = new Uint8Array(256);
  starts = new Uint32Array(256);
  ends = new Uint32Array(256);
  keys = new Int32Array(256);
  keySpace: object = {};

  begin(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.count = 0;
  }

  add(field: number, type: number, start: number, end: number): number {
    if (this.count === this.fields.length) this.#grow();
    const at = this.count++;
    this.fields[at] = field;
    this.types[at] = type;
    this.starts[at] = start;
    this.ends[at] = end;
    this.keys[at] = -1;
    return at;
  }

  /** Takes what a kernel noted: `words[from … to)`, whose places are `origin` more than offsets (see `Walk.noted`). */
  take(words: Uint32Array, from: number, to: number, origin: number): void {
    const count = (to - from) >> 2;
    if (count > this.fields.length) this.#grow(count);
    const { fields, types, starts, ends, keys } = this;
    for (let i = 0, at = from; i < count; i++, at += 4) {
      const what = words[at] as number;
      fields[i] = what & 0xffff;
      types[i] = what >>> 16;
      starts[i] = (words[at + 1] as number) - origin;
      ends[i] = (words[at + 2] as number) - origin;
      keys[i] = words[at + 3] as number;
    }
    this.count = count;
  }

  /** Only what begins at `last` or before has been read. */
  cut(last: number): void {
    let count = 0;
    while (count < this.count && (this.starts[count] as number) <= last) count++;
    this.count = count;
    for (let i = 0; i < count; i++) {
      const start = this.starts[i] as number;
      if ((this.types[i] as number) >= valueTypes.object && (this.ends[i] as number) > last) this.ends[i] = start;
    }
  }

  /** Keys mean other values from now on. */
  forgetKeys(): void {
    this.keySpace = {};
  }

  #grow(least = 0): void {
    const length = Math.max(this.fields.length * 4, least);
    const grown = {
      fields: new Uint16Array(length),
      types: new Uint8Array(length),
      starts: new Uint32Array(length),
      ends: new Uint32Array(length),
      keys: new Int32Array(length),
    };
    grown.fields.set(this.fields);
    grown.types.set(this.types);
    grown.starts.set(this.starts);
    grown.ends.set(this.ends);
    grown.keys.set(this.keys);
    Object.assign(this, grown);
  }
}
