import { basename, dirname, isAbsolute, join } from 'node:path';
import { Fault } from '../core/faults.ts';
import type { GitleaksFile, Notice } from '../masking/gitleaks/gitleaks-file.ts';
import type { Pack } from '../masking/pack.ts';
import { builtPacks, readPackFiles, shippedPacks, type TextFile } from './load-files.ts';

/** The packs in use, and what of imported files has no effect here. */
export interface OpenedPacks {
  readonly packs: readonly Pack[];
  readonly notices: readonly Notice[];
}

/** Files that a gitleaks file extends, and files these extend (gitleaks 8 goes as deep). */
const extendDepth = 2;

/** What gitleaks' own configuration calls itself. */
const defaultTitle = 'gitleaks config';

/**
 * The shipped packs and those at the paths: YAML packs, gitleaks' TOML files, folders of them. Loaders come in only where
 * the build's copy does not do: starting depends on it.
 * @throws Fault or Faults with file, line and column
 */
export async function openPacks(paths: readonly string[]): Promise<OpenedPacks> {
  const shipped = await shippedPacks();
  const built = paths.length === 0 ? await builtPacks(shipped) : undefined;
  return built ? { packs: built, notices: [] } : loadPackFiles(paths);
}

/** The same from their files, with the examples that the build's copy leaves out. */
export async function loadPackFiles(paths: readonly string[]): Promise<OpenedPacks> {
  const shipped = await shippedPacks();
  const files = (await Promise.all(paths.map(readPackFiles))).flat();
  const own = files.filter(({ file }) => !isToml(file));
  const { loadPacks } = await import('../masking/load-pack.ts');
  const packs = loadPacks([...shipped, ...own]);
  const imported = await openGitleaks(
    files.filter(({ file }) => isToml(file)),
    new Set(packs.map(({ id }) => id)),
  );
  return { packs: [...packs, ...imported.packs], notices: imported.notices };
}

const isToml = (file: string): boolean => file.endsWith('.toml');

async function openGitleaks(files: readonly TextFile[], taken: Set<string>): Promise<OpenedPacks> {
  if (files.length === 0) return { packs: [], notices: [] };
  const { readGitleaks } = await import('../masking/gitleaks/read-gitleaks.ts');
  const { loadGitleaks } = await import('../masking/gitleaks/load-gitleaks.ts');
  const read = files.map(readGitleaks);
  const standard = read.find((one) => one.title.toLowerCase() === defaultTitle && !one.extend.useDefault);
  const chains = await Promise.all(read.map((one) => chainOf(one, standard, readGitleaks)));
  // What another one extends is part of that one, with its changes.
  const extended = new Set(chains.flatMap((chain) => chain.slice(1)));
  const loaded = chains
    .filter(([first]) => first && !extended.has(first))
    .map((chain) => loadGitleaks(packId(chain[0]?.file ?? '', taken), chain));
  return { packs: loaded.map(({ pack }) => pack), notices: loaded.flatMap(({ notices }) => notices) };
}

/** A file and those it extends, nearest first. */
async function chainOf(
  first: GitleaksFile,
  standard: GitleaksFile | undefined,
  read: (file: TextFile) => GitleaksFile,
): Promise<readonly GitleaksFile[]> {
  const chain = [first];
  for (let last = first; chain.length <= extendDepth; ) {
    const { path, useDefault } = last.extend;
    const base = path === undefined ? (useDefault ? standard : undefined) : await readExtended(last, path, read);
    if (!base || chain.includes(base)) break;
    chain.push(base);
    last = base;
  }
  return chain;
}

/**
 * Looked for from the folder of the file that names it, then from the working folder, where gitleaks itself looks; at last by
 * its name beside the file, which is said.
 */
async function readExtended(
  { file, extend }: GitleaksFile,
  path: string,
  read: (file: TextFile) => GitleaksFile,
): Promise<GitleaksFile> {
  const places = isAbsolute(path) ? [path] : [join(dirname(file), path), path];
  for (const place of places) {
    const [found] = await readPackFiles(place).catch(() => []);
    if (found) return read(found);
  }
  const [beside] = await readPackFiles(join(dirname(file), basename(path))).catch(() => []);
  if (beside) {
    const base = read(beside);
    const message = `extend.path names no file from here; ${basename(path)} beside this file is taken`;
    return { ...base, notices: [...base.notices, { file, ...extend.place, message }] };
  }
  const remedy = 'Give a path relative to this file.';
  throw new Fault('the file that extend.path names cannot be read', {
    code: 'E_GITLEAKS_EXTEND',
    remedy,
    location: { file, ...extend.place },
  });
}

/** From the file's name: `.gitleaks.toml` is the pack `gitleaks`, a second one `gitleaks-2`. */
function packId(file: string, taken: Set<string>): string {
  const plain = basename(file, '.toml')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const name = /^[a-z]/.test(plain) ? plain.slice(0, 56) : `pack-${plain}`.slice(0, 56);
  let id = name;
  for (let n = 2; taken.has(id); n++) id = `${name}-${n}`;
  taken.add(id);
  return id;
}
