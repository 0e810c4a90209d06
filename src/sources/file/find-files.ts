import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { isGone } from './open-regular.ts';
import { withDescriptor } from './with-descriptor.ts';

/** A file found by name, with what orders it among others. */
export interface FoundFile {
  readonly path: string;
  readonly inode: number;
  readonly device: number;
  readonly bytes: number;
  readonly changedAtMs: number;
}

/** Names that compressing programs give. */
export const packedName = /\.(?:gz|xz|zst|bz2|lz4)$/;

export const isPattern = (path: string): boolean => /[*?]/.test(basename(path));

/** Files whose name matches a pattern (`*`, `?` in the last part), or the one file named. Oldest change first. */
export async function findFiles(pattern: string): Promise<readonly FoundFile[]> {
  if (!isPattern(pattern)) return filesAt([pattern]);
  const names = await namesIn(dirname(pattern)).catch(() => []);
  return filesAt(names.map((found) => join(dirname(pattern), found)).filter(pathsOf(pattern)));
}

/** Tells whether a path is one of a pattern. */
export function pathsOf(pattern: string): (path: string) => boolean {
  const expression = basename(pattern)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const name = new RegExp(`^${expression}$`);
  // As `join` writes it, with which paths are made.
  const folder = dirname(join(pattern));
  return (path) => dirname(path) === folder && name.test(basename(path));
}

/**
 * Files that rotation made of this one: `audit-2026-05-04T09-00-00.000.log`, `audit.log.1`, `audit.log-20260504`,
 * also with `.gz`. In the order they were written; the file itself is not among them. Behind a link also what lies
 * beside its target.
 * @throws the error of the system where a folder is there and cannot be listed: that nothing is known of it is not that it is empty
 */
export async function rotatedSiblings(path: string): Promise<readonly FoundFile[]> {
  const beside = await siblingsBeside(path);
  const target = await realpath(path).catch(() => path);
  const others = target === path ? [] : await siblingsBeside(target);
  const all = [...beside, ...others.filter((other) => !beside.some((one) => isOne(one, other)))];
  return all.sort(byAge);
}

const isOne = (a: FoundFile, b: FoundFile): boolean => a.device === b.device && a.inode === b.inode;

async function siblingsBeside(path: string): Promise<readonly FoundFile[]> {
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

/** By the time in their names, by the number where a larger one is older, else by the last change: compressing is one, too. */
function byAge(a: FoundFile, b: FoundFile): number {
  const [timeA, timeB] = [timeIn(a.path), timeIn(b.path)];
  if (timeA !== undefined && timeB !== undefined && timeA !== timeB) return timeA < timeB ? -1 : 1;
  const [numberA, numberB] = [numberIn(a.path), numberIn(b.path)];
  if (numberA !== undefined && numberB !== undefined && numberA !== numberB) return numberB - numberA;
  return byChange(a, b);
}

/** Digits of a date and what follows it; undefined where the name has none. */
function timeIn(path: string): string | undefined {
  const found = /(\d{4})-?(\d\d)-?(\d\d)(?:[T_-]?(\d[\d.:-]*))?/.exec(basename(path));
  return found ? `${found[1]}${found[2]}${found[3]}${(found[4] ?? '').replace(/\D/g, '')}` : undefined;
}

function numberIn(path: string): number | undefined {
  const found = /\.(\d{1,6})(?:\.gz)?$/.exec(basename(path));
  return found ? Number(found[1]) : undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await withDescriptor(() => readdir(folder));
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
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
  return found.sort(byChange);
}

function byChange(a: FoundFile, b: FoundFile): number {
  return a.changedAtMs - b.changedAtMs || (a.path < b.path ? -1 : 1);
}

async function statOf(path: string): Promise<{ ino: number; dev: number; size: number; mtimeMs: number; isFile: boolean }> {
  const found = await stat(path);
  return { ino: found.ino, dev: found.dev, size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}
