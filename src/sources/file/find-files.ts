import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';

/** A file found by name, with what orders it among others. */
export interface FoundFile {
  readonly path: string;
  readonly inode: number;
  readonly device: number;
  readonly bytes: number;
  readonly changedAtMs: number;
}

/** Files whose name matches a pattern (`*`, `?` in the last part), or the one file named. Oldest change first. */
export async function findFiles(pattern: string): Promise<readonly FoundFile[]> {
  const name = basename(pattern);
  if (!/[*?]/.test(name)) return filesAt([pattern]);
  const expression = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  const names = await namesIn(dirname(pattern));
  return filesAt(names.filter((found) => expression.test(found)).map((found) => join(dirname(pattern), found)));
}

/**
 * Files that rotation made of this one: `audit-2026-05-04T09-00-00.000.log`, `audit.log.1`, `audit.log-20260504`,
 * also with `.gz`. Oldest change first; the file itself is not among them.
 */
export async function rotatedSiblings(path: string): Promise<readonly FoundFile[]> {
  const name = basename(path);
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const names = await namesIn(dirname(path));
  const siblings = names.filter((found) => {
    if (found === name) return false;
    if (found.startsWith(`${name}.`) || found.startsWith(`${name}-`)) return true;
    return found.startsWith(`${stem}-`) && (found.endsWith(extension) || found.endsWith(`${extension}.gz`));
  });
  return filesAt(siblings.map((found) => join(dirname(path), found)));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function filesAt(paths: readonly string[]): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const path of paths) {
    try {
      const { ino, dev, size, mtimeMs, isFile } = await statOf(path);
      if (isFile) found.push({ path, inode: ino, device: dev, bytes: size, changedAtMs: mtimeMs });
    } catch {
      // Gone between listing and looking: rotation took it; it is found under its next name.
    }
  }
  return found.sort((a, b) => a.changedAtMs - b.changedAtMs || (a.path < b.path ? -1 : 1));
}

async function statOf(path: string): Promise<{ ino: number; dev: number; size: number; mtimeMs: number; isFile: boolean }> {
  const found = await stat(path);
  return { ino: found.ino, dev: found.dev, size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}
