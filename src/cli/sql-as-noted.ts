import { queryViews } from '../store/query-views.ts';
import { isAsEventsSay } from './user-forms.ts';

const columns: ReadonlySet<string> = new Set(queryViews.flatMap((view) => [view.name, ...view.columns.map(({ name }) => name)]));
/** What these columns hold is no person's name. */
const harmless: ReadonlySet<string> = new Set([
  ...[
    'verb',
    'resource',
    'subresource',
    'namespace',
    'stage',
    'level',
    'decision',
    'severity',
    'state',
    'is_stub',
    'masked_kinds',
  ],
  ...['rule_id', 'rule_name', 'rules', 'tags', 'cluster', 'source', 'api_group', 'policy', 'digest'],
]);
/** Behind these, another column is spoken of. */
const ends: readonly string[] =
  'and or select from where group order having limit join on union when then else end by as with'.split(' ');
const keywords: ReadonlySet<string> = new Set([
  ...ends,
  ...'distinct all any some exists between in like ilike similar to glob escape is not null true false asc desc nulls first last'.split(
    ' ',
  ),
  ...'inner left right full outer cross natural semi anti lateral using offset except intersect values unnest case cast'.split(
    ' ',
  ),
  ...'interval timestamp date time varchar text integer bigint double boolean struct map list array recursive over partition'.split(
    ' ',
  ),
  ...'rows range preceding following unbounded current row filter within qualify window sample pivot unpivot exclude replace'.split(
    ' ',
  ),
  ...'year month week day hour minute second years months weeks days hours minutes seconds epoch current_date current_timestamp'.split(
    ' ',
  ),
]);
const time = /^(?:[\d\s:.TZ+-]{1,40}|(?:\d{1,6} )?(?:year|month|week|day|hour|minute|second)s?)$/;
/** Literals, quoted names, comments, words and single characters. What is not closed goes on to the end. */
const token =
  /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$(\w*)\$.*?(?:\$\1\$|$)|--[^\n]*|\/\*.*?(?:\*\/|$)|[\p{L}_][\p{L}\p{N}_]*|./gsu;
/** Names that the statement gives: `… AS n`, `n AS (…)`, `FROM events e`. */
const names = /\bas\s+(\w+)|(\w+)\s+as\s*\(|\b(?:events|findings|notes)\s+(\w+)/gi;
const given = '(given)';

/**
 * SQL as a note may say it: people search for users, addresses and texts in clear, and mistype. A value stays only where it is
 * compared with a column that holds no such thing, or is a time, a pseudonym or a user that Kubernetes names; a word, where it is a
 * column, a function, a word of SQL or a name that the statement gives. Comments go.
 */
export function sqlAsNoted(sql: string): string {
  const own = new Set([...sql.matchAll(names)].map(([, a, b, c]) => (a ?? b ?? c ?? '').toLowerCase()));
  let column = '';
  let said = '';
  for (const { 0: text, index } of sql.matchAll(token)) {
    const word = text.toLowerCase();
    if (columns.has(word)) column = word;
    else if (ends.includes(word)) column = '';
    if (text.startsWith("'")) said += `'${literal(text.replace(/^'|'$/g, ''), column)}'`;
    else if (/^(?:"|\$.*\$)/s.test(text)) said += columns.has(word.replaceAll('"', '')) ? text : given;
    else if (/^[\p{L}_]/u.test(text)) said += isKnown(word, own) || sql[index + text.length] === '(' ? text : given;
    else if (!/^(?:--|\/\*)/.test(text)) said += text;
  }
  return said;
}

const isKnown = (word: string, own: ReadonlySet<string>): boolean => columns.has(word) || keywords.has(word) || own.has(word);

function literal(text: string, column: string): string {
  return harmless.has(column) || isAsEventsSay(text) || time.test(text) ? text : given;
}
