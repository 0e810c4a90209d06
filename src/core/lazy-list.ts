/** A list that is made while it is read, each time anew: as a whole it would take much memory. As JSON it is a list like any other. */
export class LazyList<T> implements Iterable<T> {
  readonly #make: () => Iterator<T>;

  constructor(make: () => Iterator<T>) {
    this.#make = make;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#make();
  }

  toJSON(): readonly T[] {
    return [...this];
  }
}
