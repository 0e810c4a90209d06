const initialStates = 16;
const initialMembers = 64;
/** Index slots for each state there is room for. */
const slotsPerState = 2;

/**
 * The states of an automaton: sets of instructions, each with what came before. Numbered in order of appearance; equal ones have one
 * number. All of them lie in a few arrays: there are ten thousand of them, they stay, and as objects they took seven times the memory.
 */
export class StateSets {
  size = 0;
  #members = new Uint16Array(initialMembers);
  /** By state: where its members end; they begin where those of the one before end. */
  #ends = new Uint32Array(initialStates);
  #contexts = new Uint8Array(initialStates);
  /** State + 1, or 0. */
  #index = new Uint32Array(initialStates * slotsPerState);

  /** Number of the state with these members, each below 65,536, in this order; a new one where there was none. */
  numberOf(members: readonly number[], context: number): number {
    if (this.size === this.#ends.length) this.#grow();
    const mask = this.#index.length - 1;
    let slot = hashOf(members, context) & mask;
    for (let known = this.#index[slot] as number; known !== 0; known = this.#index[slot] as number) {
      if (this.#is(known - 1, members, context)) return known - 1;
      slot = (slot + 1) & mask;
    }
    this.#index[slot] = this.size + 1;
    return this.#add(members, context);
  }

  contextOf(state: number): number {
    return this.#contexts[state] as number;
  }

  membersOf(state: number): number[] {
    const members: number[] = [];
    for (let i = this.#startOf(state); i < (this.#ends[state] as number); i++) members.push(this.#members[i] as number);
    return members;
  }

  #startOf(state: number): number {
    return state === 0 ? 0 : (this.#ends[state - 1] as number);
  }

  #is(state: number, members: readonly number[], context: number): boolean {
    const start = this.#startOf(state);
    if (this.#contexts[state] !== context || (this.#ends[state] as number) - start !== members.length) return false;
    for (let i = 0; i < members.length; i++) if (this.#members[start + i] !== members[i]) return false;
    return true;
  }

  #add(members: readonly number[], context: number): number {
    const start = this.size === 0 ? 0 : (this.#ends[this.size - 1] as number);
    const end = start + members.length;
    if (end > this.#members.length) {
      const larger = new Uint16Array(Math.max(end, this.#members.length * 2));
      larger.set(this.#members);
      this.#members = larger;
    }
    for (let i = 0; i < members.length; i++) this.#members[start + i] = members[i] as number;
    this.#ends[this.size] = end;
    this.#contexts[this.size] = context;
    return this.size++;
  }

  #grow(): void {
    const states = this.size * 2;
    const [ends, contexts] = [new Uint32Array(states), new Uint8Array(states)];
    ends.set(this.#ends);
    contexts.set(this.#contexts);
    [this.#ends, this.#contexts] = [ends, contexts];
    const index = new Uint32Array(states * slotsPerState);
    const mask = index.length - 1;
    for (let state = 0; state < this.size; state++) {
      let slot = hashOf(this.#members.subarray(this.#startOf(state), ends[state]), contexts[state] as number) & mask;
      while (index[slot] !== 0) slot = (slot + 1) & mask;
      index[slot] = state + 1;
    }
    this.#index = index;
  }
}

function hashOf(members: ArrayLike<number>, context: number): number {
  let hash = context;
  for (let i = 0; i < members.length; i++) hash = Math.imul(hash ^ (members[i] as number), 0x85ebca6b) ^ (hash >>> 15);
  return hash ^ (hash >>> 13);
}
