// Says whether what a build step writes is of its inputs as they are now, so that a build after a small change takes seconds.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Every file below the given files and folders, sorted. */
export function filesBelow(...places) {
  return places
    .flatMap((place) =>
      statSync(place).isDirectory()
        ? readdirSync(place, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => path.join(entry.parentPath, entry.name))
        : [place],
    )
    .sort();
}

/** The modules that these ones import, and those that they import, by relative path; themselves included. */
export function modulesBelow(...modules) {
  const found = new Set(modules.map((one) => path.resolve(one)));
  for (const file of found) {
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
      const imported = path.resolve(path.dirname(file), from);
      if (existsSync(imported)) found.add(imported);
    }
  }
  return [...found].sort();
}

/**
 * A build step: `build` runs unless `outputs` exist and `inputs` are the files, with the contents, that it ran with last.
 * The stamp that tells is kept beside the outputs.
 */
export async function buildStep({ stamp, inputs, outputs, build }) {
  const hash = createHash('sha256').update(process.version);
  for (const file of inputs) hash.update(`\n${path.relative('.', file)}\n`).update(readFileSync(file));
  const digest = hash.digest('hex');
  const known = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (known === digest && outputs.every((file) => existsSync(file))) return;
  await build();
  writeFileSync(stamp, digest);
}
