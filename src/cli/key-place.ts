import { userInfo } from 'node:os';
import { Option } from 'commander';
import { defaultKeyFile } from '../crypto/key-ring-file.ts';
import type { Note } from '../pipeline/note-inbox.ts';
import { repeatable } from './command-options.ts';
import type { CliContext } from './output.ts';

export interface KeyPlaceOptions {
  readonly key?: string;
  readonly config?: string;
  readonly dataDir?: readonly string[];
}

/** Where a command finds keys, and where it leaves word of what it did. */
export interface KeyPlace {
  readonly file: string;
  readonly groupReadable: boolean;
  /** Data folders of agents. */
  readonly dataDirectories: readonly string[];
}

/** The options by which a command is told of an agent's configuration or data folder. */
export function placeOptions(): readonly Option[] {
  return [
    new Option('--config <file>', "the agent's configuration: its key file and data folder are used"),
    repeatable(
      new Option(
        '--data-dir <folder>',
        'data folder of an agent that uses this key; its findings log gets a note of what was done',
      ),
    ),
  ];
}

/** The key file named, else that of the configuration, else the user's own. */
export async function keyPlace(context: CliContext, { key, config, dataDir = [] }: KeyPlaceOptions): Promise<KeyPlace> {
  if (config === undefined) return { file: key ?? defaultKeyFile(context.env), groupReadable: false, dataDirectories: dataDir };
  const { readConfigFile } = await import('./read-config-file.ts');
  const { masking, log } = await readConfigFile(config, context.env);
  return {
    file: key ?? masking.keyFile ?? defaultKeyFile(context.env),
    groupReadable: masking.keyFileGroupReadable,
    dataDirectories: [...dataDir, log.directory],
  };
}

/** Before anything is changed: whether it can be noted in every data folder. @throws Fault E_NOTE_WRITE */
export async function checkNoting({ dataDirectories }: Pick<KeyPlace, 'dataDirectories'>): Promise<void> {
  if (dataDirectories.length === 0) return;
  const { checkNotes } = await import('../pipeline/note-inbox.ts');
  for (const directory of dataDirectories) await checkNotes(directory);
}

/** Leaves a note in every data folder. @throws Fault E_NOTE_WRITE */
export async function noteAt(
  place: Pick<KeyPlace, 'dataDirectories'>,
  note: string,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (place.dataDirectories.length === 0) return;
  const { leaveNote } = await import('../pipeline/note-inbox.ts');
  const full: Note = { ...details, note, at: new Date().toISOString(), by: whoRuns() };
  for (const directory of place.dataDirectories) await leaveNote(directory, full);
}

/** Who runs this process, as the system says. */
export function whoRuns(): Note['by'] {
  try {
    const { uid, username } = userInfo();
    return { uid, name: username };
  } catch {
    // A container's user need not be in the system's list.
    return { uid: process.getuid?.(), name: undefined };
  }
}
