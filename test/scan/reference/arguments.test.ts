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

  const read = (spec: unknown): unknown => {
    const event = { kind: 'Event', requestObject: { spec } };
    return (JSON.parse(mask(JSON.stringify(event))!) as typeof event).requestObject.spec;
  };

  it('looks for the program in the list beside, in either order, and not in another object', () => {
    expect(read([{ command: ['mysql'], args: ['-pq1'] }])).to.deep.equal([{ command: ['mysql'], args: [`-p${gone}`] }]);
    expect(read([{ args: ['-a', 'q2', 'ping'], command: ['/bin/redis-cli'] }])).to.deep.equal([
      { args: ['-a', gone, 'ping'], command: ['/bin/redis-cli'] },
    ]);
    for (const spec of [[{ command: ['mysql'] }, { args: ['-pq3'] }], { command: ['mysql'], next: { args: ['-pq3'] } }])
      expect(read(spec)).to.deep.equal(spec);
  });

  it('reads lines of text that look like command lines, also where they go on in the next one', () => {
    const script = 'set -e\ndocker login -u ci \\\n  -p q1 registry.example.com\necho done\n';
    expect(read({ file: script })).to.deep.equal({ file: script.replace('q1', gone) });
    expect(read({ file: 'rabbitmqctl add_user app q2' })).to.deep.equal({ file: `rabbitmqctl add_user app ${gone}` });
  });

  it('counts words behind a word, and takes what follows a text in a value', () => {
    expect(read({ command: ['mc', 'alias', 'set', 's', 'url', 'q1', 'q2'] })).to.deep.equal({
      command: ['mc', 'alias', 'set', 's', 'url', gone, gone],
    });
    expect(masked(['openssl', 'rsa', '-passin', 'pass:q3', '-in', 'a.pem'])).to.include(`pass:${gone}`);
    expect(masked(['openssl', 'rsa', '-passin', 'file:/run/q4', '-in', 'a.pem'])).to.include('file:/run/q4');
  });

  it('reads what follows -c as a shell line', () => {
    expect(masked(['sh', '-c', 'PGPASSWORD=q1 psql -h db'])).to.deep.equal(['sh', '-c', `PGPASSWORD=${gone} psql -h db`]);
  });

  it('does not lose what patterns found in a text whose names are met for the first time', () => {
    const fresh = lineMasker(shippedPacks());
    const line = JSON.stringify({
      kind: 'Event',
      requestObject: { command: 'run --never-seen-before=1 hvs.0123456789abcdefABCD' },
    });
    expect(fresh(line)).not.to.include('0123456789abcdefABCD');
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
