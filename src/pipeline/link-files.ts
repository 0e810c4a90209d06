import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../core/faults.ts';
import { limits } from '../core/limits.ts';
import { newAccessToken } from '../crypto/access-token.ts';
import { sha256Hex } from '../crypto/sha256.ts';
import { folderIn, leaveFile } from '../log/leave-file.ts';
import type { Person } from '../web/sessions.ts';

const folderName = 'web-links';
const fileName = (token: string): string => `${sha256Hex(token)}.json`;

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
    const folder = await folderIn(dataDirectory, folderName);
    const link: LinkFile = { name, role, endMs: nowMs + limits.webLinkMs };
    await leaveFile(folder, fileName(token), JSON.stringify(link));
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
  const file = join(dataDirectory, folderName, fileName(token));
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
