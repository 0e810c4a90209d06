import { expect } from 'chai';
import fc from 'fast-check';
import { sqlAsNoted } from '../../src/cli/sql-as-noted.ts';

describe('cli/sql-as-noted', () => {
  const same = (sql: string) => expect(sqlAsNoted(sql)).to.equal(sql);
  const withoutName = (sql: string) => expect(sqlAsNoted(sql), sql).to.not.match(/ines/i);

  it('leaves what is no name: columns, functions, verbs, times, pseudonyms, users of Kubernetes', () => {
    same('SELECT username, count(*) AS n FROM events WHERE code = 403 GROUP BY 1 ORDER BY n DESC LIMIT 20');
    same("SELECT date_trunc('hour', event_time) FROM events WHERE verb IN ('get', 'list') AND resource = 'secrets'");
    same("SELECT * FROM findings WHERE severity = 'high' AND time > TIMESTAMP '2026-05-01 10:00:00' AND state <> 'closed'");
    same("SELECT * FROM events WHERE username = '[MASKED:user:k1:00ff00ff00ff00ff]' OR username LIKE 'system:node:%'");
    same("SELECT * FROM events WHERE event_time > now() - INTERVAL '7 days' AND namespace LIKE 'kube-%'");
    same('WITH a AS (SELECT name FROM events) SELECT * FROM a CROSS JOIN findings f WHERE f.name = a.name');
  });

  it('says of a name only that one was given, wherever and however it is written', () => {
    expect(sqlAsNoted("SELECT * FROM events WHERE verb = 'get' AND username = 'ines'")).to.equal(
      "SELECT * FROM events WHERE verb = 'get' AND username = '(given)'",
    );
    for (const name of [
      "'ines'",
      "'INES%'",
      "'a''ines'",
      '$$ines$$',
      '$x$ines$x$',
      "E'\\'ines'",
      '"ines"',
      'ines',
      "'ines",
      '"ines',
    ])
      for (const operator of ['=', '<>', 'LIKE', 'ilike', 'IN (', '= lower(', '!= ', '= system:', "= ''"])
        withoutName(`SELECT 1 FROM events WHERE verb = 'get' AND username ${operator} ${name}`);
    for (const other of [
      "'ines' = username",
      "lower(username) IN ('a', 'ines')",
      "body LIKE '%ines%'",
      "name = 'ines'",
      "source_ip = 'ines'",
    ])
      withoutName(`SELECT 1 FROM events WHERE verb = 'get' AND ${other}`);
    for (const comment of ['-- ines', '/* ines', '/* ines */', '/* \n ines */']) withoutName(`SELECT 1 ${comment}`);
    withoutName("SELECT CASE username WHEN 'ines' THEN 'Ines' END FROM events");
  });

  it('whatever quotes and comments stand around it', () => {
    const words = [
      'username',
      '=',
      'LIKE',
      '(',
      ')',
      ',',
      "'",
      '"',
      '$$',
      '--',
      '/*',
      '*/',
      '\n',
      ' ',
      "''",
      'AND',
      'OR',
      '||',
      '1',
      "'ines'",
    ];
    const some = fc.array(fc.constantFrom(...words), { maxLength: 8 });
    fc.assert(
      fc.property(some, some, (before, after) => {
        withoutName(`SELECT 1 FROM events WHERE username ${before.join(' ')} ines ${after.join(' ')}`);
      }),
    );
  });
});
