import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { newAccessToken } from '../crypto/access-token.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import type { Person } from '../web/sessions.ts';
import { likeFolder } from './note-inbox.ts';

const folderOf = (dataDirectory: string): string => join(dataDirectory, 'web-links');

interface LinkFile extends Person {
  readonly endMs: number;
}

/**
 * A token that logs somebody in once at a server that runs over this data folder. Who may write there is its owner, and may come in. The
 * file is named by the token's hash: reading the folder gives nobody a token.
 * @throws Fault E_WEB_LINK
 */
export async function makeLink(dataDirectory: string, { name, role }: Person, nowMs: number): Promise<string> {
  const token = newAccessToken();
  try {
    const owner = await stat(dataDirectory);
    const made = await mkdir(folderOf(dataDirectory), { recursive: true, mode: 0o700 });
    if (made !== undefined) await likeFolder(await open(folderOf(dataDirectory), 'r'), owner);
    const file = join(folderOf(dataDirectory), `${sha256Hex(token)}.json`);
    const handle = await open(`${file}.tmp`, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify({ name, role, endMs: nowMs + limits.webLinkMs } satisfies LinkFile));
    } finally {
      await likeFolder(handle, owner);
    }
    await rename(`${file}.tmp`, file);
    return token;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Fault(`no link can be left in ${dataDirectory} (${code})`, {
      code: 'E_WEB_LINK',
      remedy: "Name the agent's data folder, and let this user write to it.",
      cause,
    });
  }
}

/** Whom a token of `makeLink` logs in; it is used up, whatever the answer. Of several who come with it one is answered. */
export async function redeemLink(dataDirectory: string, token: string, nowMs: number): Promise<Person | undefined> {
  const file = join(folderOf(dataDirectory), `${sha256Hex(token)}.json`);
  const taken = `${file}.used`;
  try {
    // Only one can rename it.
    await rename(file, taken);
    const { name, role, endMs } = JSON.parse(await readFile(taken, 'utf8')) as Partial<LinkFile>;
    const isRole = role === 'auditor' || role === 'analyst';
    return typeof name === 'string' && isRole && typeof endMs === 'number' && endMs > nowMs ? { name, role } : undefined;
  } catch {
    return undefined;
  } finally {
    await rm(taken, { force: true }).catch(() => undefined);
  }
}
