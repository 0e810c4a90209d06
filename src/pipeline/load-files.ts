import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault, unreadableFile } from '../core/faults.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { FieldMapping } from '../detection/field-mapping.ts';
import type { Pack } from '../masking/pack.ts';

export interface TextFile {
  /** As shown in faults. */
  readonly file: string;
  readonly text: string;
}

/** Where the shipped `masks/` and `detectors/` stand: beside the build folder, three levels above this module. */
const packageFolder = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const mappingFile = 'fields.yml';

const yaml = /\.ya?ml$/;

/**
 * The YAML files at a path: the file itself, or all `.yml` and `.yaml` files below a folder, in order of their names.
 * @throws Fault E_FILE_READ
 */
export function readYamlFiles(path: string): Promise<readonly TextFile[]> {
  return readFiles(path, yaml);
}

/** The same, of which there must be one. @throws Fault E_FILE_READ, E_FILE_NONE */
export function readRuleFiles(path: string): Promise<readonly TextFile[]> {
  return readSomeFiles(path, yaml, '.yml or .yaml');
}

/** Packs at a path: YAML, and gitleaks' TOML. @throws Fault E_FILE_READ, E_FILE_NONE */
export function readPackFiles(path: string): Promise<readonly TextFile[]> {
  return readSomeFiles(path, /\.(?:ya?ml|toml)$/, '.yml, .yaml or .toml');
}

/** A folder without any would be rules or masks that are not in force, unnoticed. */
async function readSomeFiles(path: string, wanted: RegExp, endings: string): Promise<readonly TextFile[]> {
  const files = await readFiles(path, wanted);
  if (files.length > 0) return files;
  throw new Fault(`${path}: no file in this folder ends in ${endings}`, {
    code: 'E_FILE_NONE',
    remedy: 'Name the file, or the folder that holds it.',
  });
}

async function readFiles(path: string, wanted: RegExp): Promise<readonly TextFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ file: path, text: await readFile(path, 'utf8') }];
    const files = await filesBelow(path, wanted);
    // A hundred small files: promises cost more than reading them.
    return files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
}

/**
 * The files below a folder whose names fit, in order of their names. What lies in hidden folders is left out: `.git` and the
 * like, and of a volume of Kubernetes `..data` and `..2026_05_04_…`, which hold the same files once more.
 */
export async function filesBelow(folder: string, wanted: RegExp): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const own = names.filter((name) => wanted.test(name) && !/(?:^|[\\/])\.[^\\/]*[\\/]/.test(name));
  return own.sort().map((name) => join(folder, name));
}

/** The shipped mask packs. */
export async function shippedPacks(): Promise<readonly TextFile[]> {
  return shortened(await readYamlFiles(join(packageFolder, 'masks')));
}

/** Names the content of pack files: the build's copy holds for exactly this content. */
export function packsKey(files: readonly TextFile[]): string {
  return sha256Hex(JSON.stringify(files));
}

/** The packs as the build loaded them; undefined where there is no such copy or the files have changed since. */
export async function builtPacks(files: readonly TextFile[]): Promise<readonly Pack[] | undefined> {
  try {
    const built = JSON.parse(await readFile(new URL('../packs.json', import.meta.url), 'utf8')) as { key: string; packs: Pack[] };
    return built.key === packsKey(files) ? built.packs : undefined;
  } catch {
    return undefined;
  }
}

/** The compiled kernels; undefined where they were not built or AUDITVEIL_SCANNER=js asks for none. */
export async function kernelModule(): Promise<Uint8Array | undefined> {
  if (process.env['AUDITVEIL_SCANNER'] === 'js') return undefined;
  return readFile(new URL('../scan/simd/kernel.wasm', import.meta.url)).catch(() => undefined);
}

/** The shipped detectors, without the field mapping beside them. */
export async function shippedRules(): Promise<readonly TextFile[]> {
  const files = await readYamlFiles(join(packageFolder, 'detectors'));
  return shortened(files.filter(({ file }) => file !== join(packageFolder, 'detectors', mappingFile)));
}

/** Names that rules use for fields, besides the paths of an event. */
export async function shippedMapping(): Promise<FieldMapping> {
  const { parseFieldMapping } = await import('../detection/field-mapping.ts');
  return parseFieldMapping(`detectors/${mappingFile}`, shippedMappingText());
}

export function shippedMappingText(): string {
  return readFileSync(join(packageFolder, 'detectors', mappingFile), 'utf8');
}

/** Name and version, from package.json. */
export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function shortened(files: readonly TextFile[]): readonly TextFile[] {
  return files.map(({ file, text }) => ({ file: relative(packageFolder, file).split(sep).join('/'), text }));
}
