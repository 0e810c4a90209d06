import type { Fault } from '../../core/faults.ts';
import type { FieldTable } from '../field-table.ts';
import type { RuleNotice } from '../rule-set.ts';
import { type CompiledRule, compileRules } from './compile-rules.ts';
import { readFalcoText } from './read-items.ts';
import { RuleCollection } from './rule-collection.ts';

/** Falco rule files in the order they are loaded. What a file says may change what files before it said. */
export class FalcoFiles {
  readonly faults: Fault[] = [];
  readonly notices: RuleNotice[] = [];
  readonly #collection = new RuleCollection();
  #read = 0;

  get isEmpty(): boolean {
    return this.#read === 0;
  }

  /** Reads one file; what is wrong in it goes to `faults`. */
  read(file: string, text: string, fileNumber: number): void {
    const { faults, notices } = readFalcoText({ file, text, fileNumber }, this.#collection);
    this.faults.push(...faults);
    this.notices.push(...notices);
    this.#read++;
  }

  /** The rules of all files; their fields go into the table. Nothing where a file could not be read. */
  compile(table: FieldTable, upstream: boolean): readonly CompiledRule[] {
    if (this.faults.length > 0) return [];
    const { rules, faults, notices } = compileRules(this.#collection, table, upstream);
    this.faults.push(...faults);
    this.notices.push(...notices);
    return rules;
  }
}
