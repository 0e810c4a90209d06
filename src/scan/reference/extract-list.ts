import type { Extracts } from '../../core/extracts.ts';

/** The values found for the plan's fields in one event; its columns grow and are reused. */
export class ExtractList implements Extracts {
  bytes: Uint8Array = new Uint8Array(0);
  count = 0;
  fields = new Uint16Array(256);
  types = new Uint8Array(256);
  starts = new Uint32Array(256);
  ends = new Uint32Array(256);

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
    return at;
  }

  #grow(): void {
    const length = this.count * 4;
    const grown = {
      fields: new Uint16Array(length),
      types: new Uint8Array(length),
      starts: new Uint32Array(length),
      ends: new Uint32Array(length),
    };
    grown.fields.set(this.fields);
    grown.types.set(this.types);
    grown.starts.set(this.starts);
    grown.ends.set(this.ends);
    Object.assign(this, grown);
  }
}
