import type { Program } from './program.ts';
import { type ProgramForm, type ProgramTables, TableReader } from './program-tables.ts';

let built: TableReader | undefined;

/**
 * Gives what the build took apart to the expressions that are made from now on: they are searched here from the first text on, and no
 * engine compiles them before a text needs it. Undefined: nothing was taken apart before.
 */
export function useBuiltPrograms(tables: ProgramTables | undefined): void {
  built = tables && new TableReader(tables);
}

/** Whether the build knows an expression. An engine has taken it then. */
export function isBuilt(source: string): boolean {
  return built?.has(source) ?? false;
}

/** Undefined where the expression is not known, or cannot be taken apart. */
export function builtProgram(source: string, form: ProgramForm): Program | undefined {
  return built?.program(source, form);
}
