import { basename, resolve } from 'node:path';
import { type Config, configSchema } from '../config/schema.ts';
import { Fault } from '../core/faults.ts';

export interface RunFlags {
  readonly files: readonly string[];
  readonly dataDir: string;
  readonly cluster: string;
  readonly follow: boolean;
  readonly policy: Config['masking']['policy'];
  readonly enable: readonly string[];
  readonly pack?: readonly string[];
  readonly rules?: readonly string[];
  readonly lists?: readonly string[];
  readonly firstMatch?: boolean;
  readonly falcoCompat?: boolean;
  readonly exceptions?: readonly string[];
  readonly profile: Config['detect']['profile'];
  readonly listen?: string;
  /** Address of the page, or its usual one. */
  readonly web?: string | true;
  readonly workers: number | 'auto';
}

/** The configuration that the flags of `run` mean. @throws Fault E_USAGE_FLAG where a value is not allowed */
export function flagConfig(flags: RunFlags): Config {
  const { files, dataDir, cluster, follow, policy, enable, pack, rules, lists, exceptions, profile, listen, workers } = flags;
  const names = new Set<string>();
  const sources = files.map((file) => {
    const name = uniqueName(file === '-' ? 'stdin' : basename(file), names);
    return file === '-' ? { type: 'stdin', name } : { type: 'file', name, path: resolve(file), follow };
  });
  const result = configSchema.safeParse({
    version: 1,
    cluster: { name: cluster },
    sources,
    masking: { policy, enable: [...enable], packs: absolute(pack) },
    detect: {
      profile,
      builtIn: rules === undefined,
      rules: absolute(rules),
      lists: absolute(lists),
      firstMatch: flags.firstMatch ?? false,
      falcoCompat: flags.falcoCompat ?? false,
      exceptionFiles: absolute(exceptions),
    },
    log: { directory: resolve(dataDir) },
    workers,
    telemetry: listen === undefined ? {} : { listen },
    ...(flags.web === undefined ? {} : { web: flags.web === true ? {} : { listen: flags.web } }),
  });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Fault(`${issue?.path.join('.') ?? 'a flag'}: ${issue?.message ?? 'not allowed'}`, {
    code: 'E_USAGE_FLAG',
    remedy: 'See `auditveil run --help`.',
  });
}

const absolute = (paths: readonly string[] = []): readonly string[] => paths.map((path) => resolve(path));

/** Positions are kept under the source's name, so that the same files in another order find theirs again. */
function uniqueName(text: string, taken: Set<string>): string {
  const clean =
    text
      .replace(/[^a-zA-Z0-9._-]/g, '_')
      .replace(/^[^a-zA-Z0-9]+/, '')
      .slice(0, 56) || 'file';
  let name = clean;
  for (let n = 2; taken.has(name); n++) name = `${clean}-${n}`;
  taken.add(name);
  return name;
}
