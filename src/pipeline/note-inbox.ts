import { access, constants, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { systemRandom } from '../crypto/random.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { folderIn, leaveFile } from '../log/leave-file.ts';
import type { LogEntry } from '../log/record-encoder.ts';

/** What somebody did with this program: our own audit. Texts of ours, names and pseudonyms, never values. */
export interface Note {
  /** For example `key-rotated`. */
  readonly note: string;
  /** RFC 3339. */
  readonly at: string;
  /** Who did it, as the system says. */
  readonly by: { readonly uid: number | undefined; readonly name: string | undefined };
  readonly [detail: string]: unknown;
}

const folderOf = (dataDirectory: string): string => join(dataDirectory, 'notes');
const noteName = /^[0-9a-z]{1,16}-[0-9a-f]{16}\.json$/;

/**
 * Leaves a note for the findings log of a data folder. Only the agent writes that log, so the note waits in a file of its
 * own, synced before this resolves, until an agent runs there and takes it up.
 * @throws Fault E_NOTE_WRITE where the folder is not there or cannot be written
 */
export async function leaveNote(dataDirectory: string, note: Note): Promise<void> {
  const name = `${Date.parse(note.at).toString(36)}-${Buffer.from(systemRandom(8)).toString('hex')}.json`;
  try {
    await leaveFile(await folderIn(dataDirectory, 'notes'), name, JSON.stringify(note));
  } catch (cause) {
    throw noteFault(dataDirectory, cause);
  }
}

/** Whether a note can be left, for what must not be done without one. @throws Fault E_NOTE_WRITE */
export async function checkNotes(dataDirectory: string): Promise<void> {
  try {
    await access(await folderIn(dataDirectory, 'notes'), constants.W_OK);
  } catch (cause) {
    throw noteFault(dataDirectory, cause);
  }
}

function noteFault(dataDirectory: string, cause: unknown): Fault {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  const message =
    code === 'ENOENT'
      ? `there is no data folder ${dataDirectory} to leave a note of this in`
      : `the data folder ${dataDirectory} cannot take a note of this (${code})`;
  const remedy = "Name the agent's data folder, and let this user write to it.";
  return new Fault(message, { code: 'E_NOTE_WRITE', remedy, cause });
}

/** The notes that wait in a data folder for an agent to take them up, oldest first. */
export async function waitingNotes(dataDirectory: string): Promise<readonly Note[]> {
  const folder = folderOf(dataDirectory);
  const notes: Note[] = [];
  for (const name of (await waitingNames(folder)).slice(0, limits.notesAtOnce)) {
    const note = await readNote(join(folder, name));
    if (note) notes.push(note);
  }
  return notes;
}

async function waitingNames(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => noteName.test(name)).sort();
}

async function readNote(file: string): Promise<Note | undefined> {
  try {
    if ((await stat(file)).size > limits.noteBytes) return undefined;
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<Note> | null;
    return typeof value?.note === 'string' && !Number.isNaN(Date.parse(value.at ?? '')) ? (value as Note) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes notes up into the findings log of a running agent. */
export class NoteInbox {
  readonly #folder: string;
  readonly #append: (entries: readonly LogEntry[]) => Promise<void>;
  #turn: Promise<void> = Promise.resolve();

  /** @param append resolves once the entries are durable; an entry of a digest it has seen lately is left out */
  constructor(dataDirectory: string, append: (entries: readonly LogEntry[]) => Promise<void>) {
    this.#folder = folderOf(dataDirectory);
    this.#append = append;
  }

  /** Appends the notes that wait and removes them; one that cannot be read stays. Rejects with what `append` throws. */
  drain(nowUs: number): Promise<void> {
    this.#turn = this.#turn.catch(() => undefined).then(() => this.#drain(nowUs));
    return this.#turn;
  }

  async #drain(nowUs: number): Promise<void> {
    const names = await waitingNames(this.#folder);
    const taken: string[] = [];
    const entries: LogEntry[] = [];
    for (const name of names.slice(0, limits.notesAtOnce)) {
      const value = await readNote(join(this.#folder, name));
      if (!value) continue;
      taken.push(name);
      const digest = sha256Hex(name).slice(0, 32);
      entries.push({ type: 'note', value, receivedAtUs: nowUs, eventTimeUs: Date.parse(value.at) * 1000, digest });
    }
    if (entries.length === 0) return;
    await this.#append(entries);
    for (const name of taken) await unlink(join(this.#folder, name)).catch(() => undefined);
  }
}
