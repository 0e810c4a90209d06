import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { type Manifest, manifestsIn } from '../../support/manifests.ts';
import { root } from '../../support/source-files.ts';

const chart = path.join(root, 'deploy/helm/auditveil');

/** What a call of helm gave; `text` is its output, or its complaint where `ok` is false. */
export interface HelmAnswer {
  readonly ok: boolean;
  readonly text: string;
}

/** Runs HELM (`test/servers/helm.sh` prints it) on the chart. */
function helm(args: readonly string[], env: Readonly<Record<string, string>> = {}): HelmAnswer {
  const program = process.env['HELM'];
  if (program === undefined) throw new Error('HELM is not set: run test/servers/helm.sh');
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  });
  return status === 0 ? { ok: true, text: stdout } : { ok: false, text: `${stdout}${stderr}` };
}

export const lintChart = (sets: readonly string[]): HelmAnswer =>
  helm(['lint', '--strict', ...sets.flatMap((set) => ['--set-json', set]), chart]);

export const renderChart = (namespace: string, sets: readonly string[]): HelmAnswer =>
  helm(['template', 'auditveil', chart, '--namespace', namespace, ...sets.flatMap((set) => ['--set-json', set])]);

/** Where a cluster is, and a folder for what helm keeps for itself. */
export interface HelmCluster {
  readonly server: string;
  readonly token: string;
  readonly folder: string;
}

/** `install` or `upgrade` of the release `auditveil`, or `uninstall`, on a cluster. The last words of helm are the notes of the chart. */
export function release(
  { server, token, folder }: HelmCluster,
  verb: 'install' | 'upgrade' | 'uninstall',
  namespace: string,
  sets: readonly string[] = [],
): HelmAnswer {
  const given = verb === 'uninstall' ? [] : [chart, ...sets.flatMap((set) => ['--set-json', set])];
  const cluster = [`--kube-apiserver=${server}`, `--kube-token=${token}`, '--kube-insecure-skip-tls-verify'];
  const home = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  return helm(
    [verb, 'auditveil', ...given, '--namespace', namespace, ...(verb === 'install' ? ['--create-namespace'] : []), ...cluster],
    home,
  );
}

/** The objects of a release named `auditveil`. @throws where helm refuses the values */
export function chartManifests(namespace: string, sets: readonly string[]): readonly Manifest[] {
  const { ok, text } = renderChart(namespace, sets);
  if (!ok) throw new Error(`helm template: ${text}`);
  return manifestsIn(text, `chart with ${sets.join(' ') || 'its default values'}`);
}
