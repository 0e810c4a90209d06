import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { closestWord } from '../core/closest-word.ts';
import { Fault } from '../core/faults.ts';
import { QuerySession } from '../store/query-session.ts';
import { type QuestionScope, type ReadyQuestion, readyQuestions } from '../store/ready-questions.ts';
import type { QueryPart, QueryResult } from '../store/run-query.ts';
import type { QueryOptions } from './commands/query.ts';
import { noteAt } from './key-place.ts';
import type { CliContext } from './output.ts';
import { queryWriter } from './query-output.ts';
import { sqlAsNoted } from './sql-as-noted.ts';
import { textMasker } from './text-masker.ts';
import { isAsEventsSay, userForms } from './user-forms.ts';
import { userKeyRing } from './user-key.ts';

const weekMs = 7 * 24 * 3_600_000;
const shownEveryMs = 1_000;

/** Asks, notes that it was asked, and writes the answer. @throws Fault */
export async function answer(context: CliContext, question: string, options: QueryOptions): Promise<void> {
  if (options.output === 'parquet' && options.out === undefined)
    throw new Fault('Parquet is no text', { code: 'E_USAGE_OUT', remedy: 'Name a file with --out.' });
  await hasLog(options.dataDir);
  const ready = readyOf(question);
  const users = await usersOf(context, options);
  const sql = ready ? ready.sql(scopeOf(options, users)) : question;
  const file = options.out === undefined ? undefined : await newFile(options.out);
  try {
    await note(context, ready, question, options, users);
    const { rows, notes } = await ask(context, sql, options, file);
    for (const text of notes) context.output.note(`auditveil: ${text}`);
    if (file) await context.output.line(`${options.out}: ${rows} rows`);
    else if (rows === 0 && options.output === 'table') context.output.note('auditveil: nothing was found');
  } catch (error) {
    if (options.out !== undefined && file) await unlink(options.out).catch(() => undefined);
    throw error;
  } finally {
    await file?.close();
  }
}

async function ask(
  context: CliContext,
  sql: string,
  { dataDir, output: format, out }: QueryOptions,
  file: FileHandle | undefined,
): Promise<QueryResult> {
  const { output, stop } = context;
  const session = new QuerySession(dataDir, (text) => output.note(`auditveil: ${text}`));
  // In a file or a pipe nothing is cut off.
  const width = file ? Number.POSITIVE_INFINITY : output.tableColumns;
  const writer = queryWriter(format, async (text) => void (await (file ? file.writeFile(text) : output.write(text))), width);
  const began = Date.now();
  const waiting = setInterval(() => output.progress(`asking, ${Math.round((Date.now() - began) / 1000)} s`), shownEveryMs);
  const part = async (one: QueryPart): Promise<void> => {
    if (one.kind === 'progress') return output.progress(one.text);
    clearInterval(waiting);
    output.progress(undefined);
    return one.kind === 'columns' ? writer.begin(one.columns) : writer.rows(one.rows);
  };
  try {
    const request = { sql, ...(format === 'parquet' && out !== undefined && { parquet: resolve(out) }) };
    const result = await session.query(request, stop, part);
    await writer.end();
    return result;
  } catch (error) {
    if (!stop.aborted) throw error;
    throw new Fault('stopped before the end', { code: 'E_QUERY_STOPPED', retryable: true });
  } finally {
    clearInterval(waiting);
    output.progress(undefined);
    await session.close();
  }
}

/** A ready question by its name; undefined of what can only be SQL. @throws Fault E_USAGE_QUESTION */
function readyOf(question: string): ReadyQuestion | undefined {
  const ready = readyQuestions.find(({ name }) => name === question);
  if (ready || /\s/.test(question.trim())) return ready;
  const names = readyQuestions.map(({ name }) => name);
  const near = closestWord(question, names);
  throw new Fault(`there is no ready question ${question}`, {
    code: 'E_USAGE_QUESTION',
    remedy:
      near === undefined ? '`auditveil query --list` shows them.' : `Did you mean ${near}? \`auditveil query --list\` shows all.`,
  });
}

function scopeOf(options: QueryOptions, users: readonly string[] | undefined): QuestionScope {
  const { until: untilMs = Date.now(), since: sinceMs = untilMs - weekMs, namespace, limit } = options;
  if (untilMs <= sinceMs)
    throw new Fault('--until is not after --since', {
      code: 'E_USAGE_TIME',
      remedy: 'Give a later end or an earlier beginning.',
    });
  return { sinceMs, untilMs, limit, ...(users && { users }), ...(namespace !== undefined && { namespace }) };
}

/** As the user stands in masked events: a name in clear becomes its pseudonyms. */
async function usersOf(context: CliContext, { user, key, masking }: QueryOptions): Promise<readonly string[] | undefined> {
  if (user === undefined) return undefined;
  if (isAsEventsSay(user)) return [user];
  const groupReadable = key === undefined && masking?.keyFileGroupReadable === true;
  return userForms(await userKeyRing(context, key ?? masking?.keyFile, { groupReadable }), [user]);
}

/** Before the answer: who asks is noted even where it is not answered. What was typed is masked first. */
async function note(
  context: CliContext,
  ready: ReadyQuestion | undefined,
  question: string,
  options: QueryOptions,
  users: readonly string[] | undefined,
): Promise<void> {
  if (ready?.needsUser && users === undefined)
    throw new Fault(`${ready.name} is about one user`, { code: 'E_USAGE_USER', remedy: 'Name the user with --user.' });
  const mask = textMasker(context, { ...(options.masking && { masking: options.masking }), key: options.key });
  const asked = ready
    ? { question: ready.name, ...(users && { users: users.filter((form) => form !== options.user || isAsEventsSay(form)) }) }
    : { sql: sqlAsNoted(await mask(question)) };
  await noteAt({ dataDirectories: [options.dataDir] }, 'queried', { ...asked, output: options.output });
}

async function hasLog(dataDir: string): Promise<void> {
  const found = await stat(join(dataDir, 'events')).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new Fault(`there is no log in ${dataDir}`, {
    code: 'E_LOG_MISSING',
    remedy: 'Name the data folder of an agent with --data-dir: the one with the folders `events` and `findings` in it.',
  });
}

async function newFile(out: string): Promise<FileHandle> {
  try {
    return await open(out, 'wx', 0o600);
  } catch (cause) {
    const { code = 'unknown' } = cause as { readonly code?: string };
    throw new Fault(code === 'EEXIST' ? `${out} exists already` : `${out} cannot be written (${code})`, {
      code: 'E_USAGE_OUT',
      remedy: 'Name a file that does not exist, where this user may write.',
      cause,
    });
  }
}
