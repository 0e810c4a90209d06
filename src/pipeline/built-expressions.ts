import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeTables } from '../compile/plan-file.ts';
import { useBuiltPrograms } from '../scan/regex/built-programs.ts';
import type { ProgramTables } from '../scan/regex/program-tables.ts';
import { isUpToDate } from './bundled-program.ts';

const written = fileURLToPath(new URL('../programs.bin', import.meta.url));
let isLoaded = false;

/** Gives this thread the expressions of the shipped packs and rules as the build took them apart. */
export function loadBuiltExpressions(): void {
  if (isLoaded) return;
  isLoaded = true;
  useBuiltPrograms(readBuiltExpressions());
}

/** Undefined where there are none, or modules were compiled since (`since` tells when): then expressions are taken apart while the program runs. */
export function readBuiltExpressions(file: string = written, since?: string): ProgramTables | undefined {
  if (!isUpToDate(file, since)) return undefined;
  try {
    return decodeTables<ProgramTables>(readFileSync(file));
  } catch {
    return undefined;
  }
}
