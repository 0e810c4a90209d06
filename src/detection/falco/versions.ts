/** What stands for the engine and the plugins of Falco here: rules that need another major version are refused. */
export const engineMajor = 0;
const pluginMajors: Readonly<Record<string, number>> = {
  ...{ k8saudit: 0, 'k8saudit-aks': 0, 'k8saudit-eks': 0, 'k8saudit-gke': 0, 'k8saudit-ovh': 0, json: 0 },
};

/** The version an integer of old stands for: 15 is 0.15.0. */
export function engineVersion(text: string): readonly number[] | undefined {
  return /^\d+$/.test(text) ? [0, Number(text), 0] : semanticVersion(text);
}

/** Major, minor and patch; undefined where the text is no version (semver.org). */
export function semanticVersion(text: string): readonly number[] | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)(?:[-+][0-9A-Za-z.+-]+)?$/.exec(text);
  return parts?.slice(1, 4).map(Number);
}

export interface PluginRequirement {
  readonly name: string;
  readonly version: readonly number[];
}

/** Whether one of the alternatives is something this program stands for. */
export function isPluginKnown(alternatives: readonly PluginRequirement[]): boolean {
  return alternatives.some(({ name, version }) => pluginMajors[name] === version[0]);
}

export const knownPlugins: readonly string[] = Object.keys(pluginMajors);
