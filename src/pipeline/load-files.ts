import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unreadableFile } from '../core/faults.ts';
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

/**
 * The YAML files at a path: the file itself, or all `.yml` and `.yaml` files below a folder, in order of their names.
 * @throws Fault E_FILE_READ
 */
export function readYamlFiles(path: string): Promise<readonly TextFile[]> {
  return readFiles(path, /\.ya?ml$/);
}

/** Packs at a path: YAML, and gitleaks' TOML. @throws Fault E_FILE_READ */
export function readPackFiles(path: string): Promise<readonly TextFile[]> {
  return readFiles(path, /\.(?:ya?ml|toml)$/);
}

async function readFiles(path: string, wanted: RegExp): Promise<readonly TextFile[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [{ file: path, text: await readFile(path, 'utf8') }];
    const names = await readdir(path, { recursive: true });
    const files = names.filter((name) => wanted.test(name)).sort();
    // A hundred small files: promises cost more than reading them.
    return files.map((name) => ({ file: join(path, name), text: readFileSync(join(path, name), 'utf8') }));
  } catch (cause) {
    throw unreadableFile(path, cause);
  }
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
