import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** What the bundle holds: the two places where a thread of this program begins. */
export interface BundledProgram {
  readonly startProgram: () => Promise<void>;
  readonly serveTiles: () => Promise<void>;
}

/** Where the build leaves it, and what tells that modules were compiled since. */
const bundle = fileURLToPath(new URL('../program.cjs', import.meta.url));
const compiled = fileURLToPath(new URL('../../.tsbuildinfo', import.meta.url));

/**
 * All modules in one file, as the build joined them, with the code that V8 made of it: five hundred small files take longer to
 * find and compile than starting takes otherwise. Undefined where the build has made none, or has not been run since modules
 * were compiled: then they are loaded one by one.
 */
export function bundledProgram(file: string = bundle, since: string = compiled): BundledProgram | undefined {
  if (!isUpToDate(file, since)) return undefined;
  const script = compileBundle(file);
  const module = { exports: {} };
  const run = script.runInThisContext() as (exports: object, require: NodeJS.Require, module: object, file: string) => void;
  run(module.exports, createRequire(file), module, file);
  return module.exports as BundledProgram;
}

/** The file holds one function, as an expression. Compiled code of another version of Node.js is passed over. */
export function compileBundle(file: string = bundle): Script {
  // All of it is ASCII, and so is half as much to keep.
  const source = readApart(file).toString('latin1');
  const cachedData = readIfThere(`${file}.code`);
  return new Script(source, { filename: file, ...(cachedData && { cachedData }) });
}

/** Whether the build has made a file since modules were compiled. */
export function isUpToDate(file: string, since: string = compiled): boolean {
  const made = statSync(file, { throwIfNoEntry: false });
  const changed = statSync(since, { throwIfNoEntry: false });
  return made !== undefined && (changed === undefined || changed.mtimeMs <= made.mtimeMs);
}

const pageBytes = 65_536;

/**
 * Reads a file to memory that does not come from `malloc`: freeing a block of megabytes has it keep that many free bytes for each
 * thread from then on (M_TRIM_THRESHOLD of glibc, which follows the largest block that was freed), 8 MB over a run.
 */
function readApart(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const { buffer } = new WebAssembly.Memory({ initial: Math.ceil(size / pageBytes) });
    const bytes = Buffer.from(buffer, 0, size);
    for (let at = 0; at < size; ) {
      const read = readSync(descriptor, bytes, at, size - at, at);
      if (read === 0) throw new Error('the file ends early');
      at += read;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readApart(file);
  } catch {
    return undefined;
  }
}
