import type { Config } from '../config/schema.ts';
import { limits } from '../core/limits.ts';
import type { LogPosition } from '../core/log.ts';
import type { RuleSet } from '../detection/rule-set.ts';
import type { CorrelatorSnapshot } from '../state/correlator.ts';
import { FindingStage } from './finding-stage.ts';
import { rebuildState } from './rebuild-state.ts';
import { type LoadedState, type SavedState, StateFile } from './state-file.ts';

/** The reader of the events log that findings are made by. */
export const findingsReader = 'findings';

export interface OpenStageOptions {
  readonly config: Pick<Config, 'detect' | 'log'>;
  readonly rules: RuleSet;
  readonly identify: (text: string) => string;
  readonly notice: (text: string) => void;
}

export interface OpenedStage {
  readonly stage: FindingStage;
  readonly state: StateFile;
  /** Where the state that the stage begins with had read to. */
  readonly resumeAt: LogPosition | undefined;
}

/** The stage with what it knew when it last stopped; where that was lost, with what the events log says of it. */
export async function openStage(options: OpenStageOptions): Promise<OpenedStage> {
  const { config, rules, identify } = options;
  const makeStage = (snapshot?: CorrelatorSnapshot): FindingStage =>
    new FindingStage({ rules, identify, latenessMs: config.detect.latenessMs, firstMatch: config.detect.firstMatch, snapshot });
  const state = new StateFile(`${config.log.directory}/correlation.json`);
  const loaded = await state.load();
  const saved = typeof loaded === 'string' ? await rebuilt(options, loaded, makeStage) : loaded;
  return { stage: makeStage(saved?.snapshot), state, resumeAt: saved?.position };
}

async function rebuilt(
  { config, rules, notice }: OpenStageOptions,
  loaded: LoadedState & string,
  makeStage: () => FindingStage,
): Promise<SavedState | undefined> {
  if (loaded === 'ended') return undefined;
  const found = await rebuildState({
    directory: `${config.log.directory}/events`,
    reader: findingsReader,
    rules,
    latenessMs: config.detect.latenessMs,
    maxBytes: limits.rebuildBytes,
    makeStage,
  });
  if (loaded === 'damaged') notice('correlation.json could not be read');
  if (!found) return undefined;
  const { saved, records, complete } = found;
  const short = complete ? '' : '; the longest episodes began before what was read and may be reported again';
  notice(`windows of correlations were lost and rebuilt from ${records} records of the events log${short}`);
  return saved;
}
