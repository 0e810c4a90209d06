import type { Config } from '../config/schema.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import type { AgentSetup } from './agent-setup.ts';
import { loadBuiltExpressions } from './built-expressions.ts';
import type { KeyFile } from './key-watch.ts';
import { type OpenedEngine, openEngine } from './open-engine.ts';
import { isShared } from './open-workers.ts';
import { prepareVault } from './prepare-vault.ts';
import { filesDigest, filesState, setupFiles } from './setup-files.ts';

export interface ChosenConfig {
  readonly config: Config;
  readonly keyRing: KeyRing;
  readonly keyFile: KeyFile;
}

/** Reads and composes what a configuration names. @throws Fault or Faults with file, line and column */
export async function loadSetup(chosen: ChosenConfig, configFile: string | undefined): Promise<AgentSetup> {
  // An agent runs for long: what the engine compiles for each expression would stay. A filter of a few lines starts faster without.
  loadBuiltExpressions();
  const { config } = chosen;
  const files = setupFiles(config, configFile);
  // Before reading: what changes meanwhile is seen as a change.
  const state = await filesState(files);
  const contents = `${JSON.stringify(config)} ${await filesDigest(files)}`;
  return { ...chosen, engine: await engineOf(chosen, configFile), files, state, contents };
}

/** The engine that a configuration asks for, and the vault it seals to. @throws Fault or Faults with file, line and column */
export async function engineOf(
  { config, keyRing }: Pick<ChosenConfig, 'config' | 'keyRing'>,
  configFile?: string,
): Promise<OpenedEngine> {
  const { masking, detect, workers } = config;
  return openEngine({ ...masking, detect, keyRing, vault: await prepareVault(config, configFile), shared: isShared(workers) });
}
