import { expect } from 'chai';
import { lineMasker, shippedPacks } from '../../masking/support/mask-lines.ts';

describe('scan/reference/arguments', () => {
  const mask = lineMasker(shippedPacks());
  const masked = (words: unknown): unknown => {
    const event = { kind: 'Event', requestObject: { spec: { anything: words } } };
    return (JSON.parse(mask(JSON.stringify(event))!) as typeof event).requestObject.spec.anything;
  };
  const gone = '[MASKED:argument]';

  it('masks flags, assignments and definitions in any list of words', () => {
    expect(masked(['--token=q1', '--user', 'me', '--password', 'q2', 'last'])).to.deep.equal([
      `--token=${gone}`,
      '--user',
      'me',
      '--password',
      gone,
      'last',
    ]);
    expect(masked(['run', '-e', 'DB_PASSWORD=q3', '-Dapi.token=q4', '--env=API_KEY=q5'])).to.deep.equal([
      'run',
      '-e',
      `DB_PASSWORD=${gone}`,
      `-Dapi.token=${gone}`,
      `--env=API_KEY=${gone}`,
    ]);
  });

  it('takes a value that starts with a hyphen for one, and a flag for none', () => {
    expect(masked(['--token', '-Ab3x'])).to.deep.equal(['--token', gone]);
    expect(masked(['--token', '--verbose', 'x'])).to.deep.equal(['--token', '--verbose', 'x']);
  });

  it('knows short flags of programs, and only theirs', () => {
    expect(masked(['/usr/bin/mysql', '-u', 'root', '-pq1', '-P', '3306'])).to.deep.equal([
      '/usr/bin/mysql',
      '-u',
      'root',
      `-p${gone}`,
      '-P',
      '3306',
    ]);
    expect(masked(['curl', '-u', 'me:q2', 'x'])).to.deep.equal(['curl', '-u', `me:${gone}`, 'x']);
    expect(masked(['mkdir', '-p', '/data/q3'])).to.deep.equal(['mkdir', '-p', '/data/q3']);
  });

  it('reads shell lines within words', () => {
    expect(masked(['sh', '-c', 'set -e; redis-cli -a "q1" ping && mysql -p\'q2\' db'])).to.deep.equal([
      'sh',
      '-c',
      `set -e; redis-cli -a "${gone}" ping && mysql -p'${gone}' db`,
    ]);
  });

  it('leaves other lists alone', () => {
    const lists = [
      ['get', 'list', 'secrets'],
      ['a=b', 'x-y'],
      ['--authorization-mode=Node,RBAC', '--v=2'],
      [1, '--token'],
      [],
      [['--v']],
    ];
    for (const list of lists) expect(masked(list)).to.deep.equal(list);
  });
});
