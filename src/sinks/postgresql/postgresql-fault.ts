import { Fault } from '../../core/faults.ts';
import { networkFault } from '../http/network-fault.ts';

interface Words {
  readonly what: string;
  readonly remedy: string;
}

const role = 'See to `user` and `password` of this sink, and to pg_hba.conf of the server.';

/** Conditions somebody can act on. Source: PostgreSQL manual, appendix A, "PostgreSQL Error Codes". */
const known: Readonly<Record<string, Words>> = {
  '28P01': { what: 'the password is wrong', remedy: role },
  '28000': { what: 'it does not let this user in', remedy: role },
  '3D000': { what: 'there is no such database', remedy: 'Create it, or see to `database`.' },
  '3F000': { what: 'there is no such schema', remedy: 'Create it, or see to `table`.' },
  '42P01': { what: 'there is no such table', remedy: 'Set `createTable: true`, or run the SQL in deploy/sql.' },
  '42703': { what: 'the table lacks a column', remedy: 'Compare it with the SQL in deploy/sql.' },
  '42P10': { what: 'the table has no primary key to tell repeats by', remedy: 'Compare it with the SQL in deploy/sql.' },
  '42501': {
    what: 'this user may not do that',
    remedy: 'GRANT SELECT, INSERT, UPDATE on the table; or make it with the SQL in deploy/sql and set `createTable: false`.',
  },
  '25006': { what: 'it is read-only, a standby perhaps', remedy: 'Name the primary in `host`.' },
  '53100': { what: 'its disk is full', remedy: 'Make room there; the sink goes on by itself.' },
  '53300': { what: 'it has no connection left', remedy: 'Raise `max_connections`, or end other clients.' },
  '57P03': { what: 'it is starting', remedy: 'The sink goes on by itself.' },
};

/** SQLSTATE of an error of the server; empty of any other. */
export function sqlState(error: unknown): string {
  const { code, severity } = (error ?? {}) as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
}

/** Something in the rows is not taken: data (22), a constraint (23), a limit (54). Fewer rows tell which. */
export const isAboutRows = (error: unknown): boolean => /^(?:22|23|54)/.test(sqlState(error));

/** In our words: messages of the server quote rows. */
export function postgresqlFault(host: string, error: unknown): Fault {
  const state = sqlState(error);
  if (state !== '') {
    const words = known[state];
    return new Fault(`${host} answered ${state}${words === undefined ? '' : `: ${words.what}`}`, {
      code: isAboutRows(error) ? 'E_SINK_REFUSED' : 'E_SINK_SERVER',
      retryable: !isAboutRows(error),
      remedy: words?.remedy ?? 'Look this SQLSTATE up in the manual of PostgreSQL, and the time in the log of the server.',
    });
  }
  if (error instanceof Error && /does not support SSL/.test(error.message))
    return new Fault(`${host}: it does not speak TLS`, {
      code: 'E_SINK_TLS',
      retryable: true,
      remedy: 'Set `ssl = on` there, or say `allowUnprotected: true`.',
    });
  return networkFault(host, true, error);
}
