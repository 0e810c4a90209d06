/** Objects with more names than this are looked up in a set. */
const listedNames = 48;

/**
 * Which names the open objects have had: finds repeated ones. Names of small objects stand in one list, objects one
 * after another; a word of bits per object answers most questions. Large objects get a set, so cost stays linear.
 */
export class SeenKeys {
  #names = new Int32Array(1024);
  #used = 0;
  /** By object: where its names start, its bits, and its set once it is large. */
  readonly #starts: Int32Array;
  readonly #bits: Int32Array;
  readonly #sets: (Set<number> | undefined)[];

  constructor(maxObjects: number) {
    this.#starts = new Int32Array(maxObjects + 1);
    this.#bits = new Int32Array(maxObjects + 1);
    this.#sets = new Array<Set<number> | undefined>(maxObjects + 1).fill(undefined);
  }

  /** `object`: number of open objects around this one. */
  open(object: number): void {
    this.#starts[object] = this.#used;
    this.#bits[object] = 0;
    this.#sets[object] = undefined;
  }

  /** How many names are held now: give it to `dropTo` to forget those that came since. */
  get held(): number {
    return this.#used;
  }

  dropTo(held: number): void {
    this.#used = held;
  }

  close(object: number): void {
    this.#used = this.#starts[object] as number;
    this.#sets[object] = undefined;
  }

  /** True where the innermost open object has had this name. */
  repeats(object: number, name: number): boolean {
    const bit = 1 << (name & 31);
    const bits = this.#bits[object] as number;
    const start = this.#starts[object] as number;
    const set = this.#sets[object];
    if (set) {
      if (set.has(name)) return true;
      set.add(name);
      return false;
    }
    if ((bits & bit) !== 0) for (let i = start; i < this.#used; i++) if (this.#names[i] === name) return true;
    this.#bits[object] = bits | bit;
    if (this.#used === this.#names.length) this.#grow();
    this.#names[this.#used++] = name;
    if (this.#used - start > listedNames) this.#sets[object] = new Set(this.#names.subarray(start, this.#used));
    return false;
  }

  #grow(): void {
    const larger = new Int32Array(this.#names.length * 2);
    larger.set(this.#names);
    this.#names = larger;
  }
}
