import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileSourceConfig } from '../config/schema.ts';
import { CheckpointStore } from '../sources/file/checkpoint-store.ts';
import { type FoundFile, findFiles, rotatedSiblings } from '../sources/file/find-files.ts';
import { Checking, type CheckResult } from './check-result.ts';

/** kube-apiserver rotates at 100 MB by default; a log of this size was never rotated. */
const unrotatedBytes = 1024 * 1024 * 1024;
/** A control plane that is used writes every few seconds. */
const quietMs = 10 * 60_000;

/** The audit logs of a source: there, readable, written to, rotated, and how far they have been read. */
export async function checkFileSource(
  source: FileSourceConfig,
  { directory, nowMs }: { readonly directory: string; readonly nowMs: number },
): Promise<readonly CheckResult[]> {
  const checking = new Checking(`source ${source.name}`);
  return checking.from(async () => {
    const files = await findFiles(source.path);
    if (files.length === 0) return [await missing(checking, source.path)];
    const store = new CheckpointStore(`${directory}/sources/${source.name}.json`);
    await store.load();
    const results: CheckResult[] = [];
    for (const file of files) results.push(...(await checkFile(checking, file, store, nowMs)));
    if (store.damaged)
      results.push(
        checking.warning(
          'its checkpoint cannot be read: events will come again',
          'Nothing to do: repeats are recognised for a while.',
        ),
      );
    return results;
  });
}

async function missing(checking: Checking, path: string): Promise<CheckResult> {
  const folder = dirname(path);
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (isThere === true)
    return checking.failed(
      `${path}: there is no such file`,
      'kube-apiserver makes it with its first event: check --audit-log-path and --audit-policy-file, and that the folder is mounted into its pod.',
    );
  const why = isThere === 'EACCES' ? 'this user may not look into it' : 'there is no such folder';
  return checking.failed(`${folder}: ${why}`, 'Compare the path with --audit-log-path, and who this process runs as.');
}

async function checkFile(checking: Checking, file: FoundFile, store: CheckpointStore, nowMs: number): Promise<CheckResult[]> {
  const readable = await open(file.path, 'r').then(
    async (handle) => handle.close().then(() => true),
    () => false,
  );
  if (!readable) {
    const remedy = `kube-apiserver makes it 0600 for root: run as root, or let this user read it (setfacl -m u:USER:r ${file.path}, and a default ACL on the folder).`;
    return [checking.failed(`${file.path} cannot be read by this user`, remedy)];
  }
  const results = [checking.ok(`${file.path}: ${size(file.bytes)}, changed ${ago(nowMs - file.changedAtMs)} ago`)];
  if (nowMs - file.changedAtMs > quietMs)
    results.push(
      checking.warning(
        `${file.path} was not written to for ${ago(nowMs - file.changedAtMs)}`,
        'A control plane in use writes all the time: is it the log of this cluster, and does kube-apiserver run with these flags?',
      ),
    );
  const rotated = await rotatedSiblings(file.path).catch(() => []);
  if (rotated.length > 0) results.push(checking.ok(`${file.path} rotates: ${rotated.length} older files are kept`));
  else if (file.bytes > unrotatedBytes)
    results.push(
      checking.warning(
        `${file.path} has grown to ${size(file.bytes)} and is not rotated`,
        'Set --audit-log-maxsize and --audit-log-maxbackup.',
      ),
    );
  const checkpoint = store.of(file.path).latest;
  if (checkpoint?.atMs === undefined) return [...results, checking.skipped(`${file.path} was not read yet`)];
  const isCurrent = checkpoint.file.inode === file.inode && checkpoint.file.device === file.device;
  const behind = isCurrent ? file.bytes - checkpoint.offset : file.bytes;
  const text = `${file.path}: read up to ${behind <= 0 ? 'its end' : `${size(behind)} before its end`}, ${ago(nowMs - checkpoint.atMs)} ago`;
  const isStuck = behind > 0 && nowMs - checkpoint.atMs > quietMs;
  return [
    ...results,
    isStuck ? checking.warning(text, 'Start the agent, or see in its output why it does not read on.') : checking.ok(text),
  ];
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** A duration in its largest unit. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
