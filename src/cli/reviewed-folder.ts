import { Option } from 'commander';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import type { TextMasker } from '../core/review.ts';
import type { FindingRow } from '../web/finding-row.ts';
import type { FindingsView } from '../web/findings-view.ts';
import { keyOption } from './command-options.ts';
import type { CliContext } from './output.ts';

export interface FolderOptions {
  readonly dataDir: string;
  readonly config?: string;
}

export interface NotingOptions extends FolderOptions {
  readonly key?: string;
  readonly note?: string;
}

/** Where the findings of an agent are. */
export function folderOptions(): readonly Option[] {
  return [
    new Option('--data-dir <folder>', 'data folder of the agent').default('auditveil-data'),
    new Option('--config <file>', "the agent's configuration: its data folder, key and masking are used"),
  ];
}

/** The same for what leaves a note of somebody's. */
export function notingOptions(): readonly Option[] {
  return [
    ...folderOptions(),
    new Option('--note <text>', 'what others should know; secrets and personal data in it are masked before it is written'),
    keyOption(),
  ];
}

export interface ReviewedFolder {
  readonly directory: string;
  readonly view: FindingsView;
  /** Text with everything masked. */
  readonly mask: TextMasker;
  /** Leaves a note for the agent to take up. */
  readonly leave: (note: Parameters<typeof import('../pipeline/note-inbox.ts').leaveNote>[1]) => Promise<void>;
}

/** The findings of a data folder with what was said of them, notes that wait included. @throws Fault E_LOG_MISSING */
export async function openReviewedFolder(
  context: CliContext,
  options: FolderOptions & { readonly key?: string },
): Promise<ReviewedFolder> {
  const [{ FindingsView }, { readFindings }, { leaveNote, waitingNotes }, { textMasker }] = await Promise.all([
    import('../web/findings-view.ts'),
    import('../web/follow-findings.ts'),
    import('../pipeline/note-inbox.ts'),
    import('./text-masker.ts'),
  ]);
  const config = options.config === undefined ? undefined : await configOf(context, options.config);
  const directory = config?.log.directory ?? options.dataDir;
  const view = new FindingsView({ nowMs: Date.now }, limits.webFindings);
  await readFindings(`${directory}/findings`, view, context.stop);
  for (const note of await waitingNotes(directory)) view.overlay(note);
  return {
    directory,
    view,
    mask: textMasker(context, { ...(config && { masking: config.masking }), key: options.key }),
    leave: (note) => leaveNote(directory, note),
  };
}

async function configOf(context: CliContext, file: string) {
  const { readConfigFile } = await import('./read-config-file.ts');
  return readConfigFile(file, context.env);
}

/** The note of a person as it may be written. @throws Fault E_USAGE_NOTE */
export async function maskedNote({ mask }: ReviewedFolder, note: string | undefined): Promise<string | undefined> {
  if (note === undefined || note === '') return undefined;
  if (note.length <= limits.webNoteCharacters) return mask(note);
  throw new Fault('the note is too long', {
    code: 'E_USAGE_NOTE',
    remedy: `Write at most ${limits.webNoteCharacters} characters.`,
  });
}

/** The finding of an id, or of the beginning of one that no other shares. @throws Fault E_USAGE_FINDING */
export async function findingNamed({ view }: ReviewedFolder, id: string): Promise<FindingRow> {
  const exact = view.get(id);
  if (exact) return exact;
  const found: FindingRow[] = [];
  if (id.length >= 4)
    await view.each({}, (row) => {
      if (row.id.startsWith(id)) found.push(row);
    });
  const [only] = found;
  if (only && found.length === 1) return only;
  throw new Fault(found.length > 1 ? `${found.length} findings begin with that` : 'there is no such finding', {
    code: 'E_USAGE_FINDING',
    remedy: 'See `auditveil findings list`; the first digits of an id are enough where they are the only ones.',
  });
}
