import { Fault } from '../../core/faults.ts';
import type { HttpAnswer } from '../http/http-client.ts';

interface Words {
  readonly what: string;
  readonly remedy: string;
}

const rights = 'See to `auth` of this sink, and GRANT INSERT on the table.';
const waits = 'The sink goes on by itself; if this stays, look at the state of the server.';

/** Codes of errors somebody can act on. Source: ClickHouse, src/Common/ErrorCodes.cpp (numbers are stable). */
const known: Readonly<Record<number, Words>> = {
  16: { what: 'the table lacks a column', remedy: 'Compare it with the SQL in deploy/sql.' },
  60: { what: 'there is no such table', remedy: 'Set `createTable: true`, or run the SQL in deploy/sql.' },
  81: { what: 'there is no such database', remedy: 'Create it, or see to `database`.' },
  115: { what: 'it does not know a setting', remedy: 'It is older than 22.2: set `deduplicationToken: false`.' },
  117: { what: 'the table lacks a column, or a value is of another type', remedy: 'Compare it with the SQL in deploy/sql.' },
  192: { what: 'it does not know this user', remedy: rights },
  193: { what: 'the password is wrong', remedy: rights },
  194: { what: 'a password is missing', remedy: rights },
  202: { what: 'too many queries at once', remedy: waits },
  241: { what: 'it is out of memory', remedy: waits },
  242: { what: 'the table is read-only', remedy: waits },
  252: {
    what: 'it has too many parts and must merge first',
    remedy: 'Raise `batch.waitMs`, so that there are fewer and larger inserts.',
  },
  497: { what: 'this user may not do that', remedy: rights },
  516: { what: 'user or password is wrong', remedy: rights },
};

/** Codes of a row that cannot be parsed: fewer rows tell which. */
const aboutRows = new Set([6, 26, 27, 38, 41, 53, 69, 70, 72, 128, 131, 321, 349, 469]);

/** Number of the error in an answer; 0 where there is none. */
export function exceptionCode(answer: HttpAnswer): number {
  const header = answer.header('x-clickhouse-exception-code');
  const text = header ?? /^Code: (\d{1,5})\b/.exec(answer.body.toString('latin1', 0, 64))?.[1] ?? '';
  return /^\d{1,5}$/.test(text) ? Number(text) : 0;
}

export const isAboutRows = (code: number): boolean => aboutRows.has(code);

/** In our words: messages of the server quote rows. Undefined where the code says nothing beyond the status. */
export function clickhouseFault(code: number): Fault | undefined {
  const words = known[code];
  if (isAboutRows(code))
    return new Fault(`ClickHouse answered error ${code}: it cannot take a value`, {
      code: 'E_SINK_REFUSED',
      remedy: 'Compare the types of the table with the SQL in deploy/sql.',
    });
  if (!words) return undefined;
  return new Fault(`ClickHouse answered error ${code}: ${words.what}`, {
    code: 'E_SINK_SERVER',
    remedy: words.remedy,
    retryable: true,
  });
}
