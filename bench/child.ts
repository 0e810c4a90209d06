import { mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cases } from './cases.ts';
import { measure } from './measure.ts';

/** Runs one case once and writes its sample as one JSON line: `child.js CASE CORPUS`. */
const [name, file] = process.argv.slice(2);
const chosen = cases.find((one) => one.name === name);
if (!chosen || file === undefined) throw new Error('usage: child.js CASE CORPUS');
const directory = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-'));
try {
  const prepare = await chosen.load();
  writeSync(1, `${JSON.stringify(await measure(await prepare({ file, directory })))}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
