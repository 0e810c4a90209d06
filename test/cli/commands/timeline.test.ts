import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { auditEvent, CliFolder, linesOf, listPodsRule } from '../run-cli.ts';

const at = (time: string) => ({ stageTimestamp: `2026-05-04T${time}.000000Z` });
const taggedRule = listPodsRule.replace('level: medium', 'tags: [attack.discovery, attack.t1613]\nlevel: medium');

describe('cli/commands/timeline', () => {
  let folder: CliFolder;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('list.yml'), taggedRule);
    const bob = { user: { username: 'bob@example.com' } };
    const events = [
      auditEvent({ ...at('09:00:00'), verb: 'get', objectRef: { resource: 'secrets', namespace: 'shop', name: 'a' } }),
      auditEvent({ ...at('09:00:02'), verb: 'get', objectRef: { resource: 'secrets', namespace: 'shop', name: 'b' } }),
      auditEvent(at('11:30:00')),
      auditEvent({ ...at('11:31:00'), ...bob }),
      auditEvent({ ...at('11:32:00'), userAgent: 'curl/8.5.0', verb: 'delete' }),
    ];
    writeFileSync(folder.file('audit.log'), `${events.join('\n')}\n{"torn":\n`);
    await folder.run(['run', '--once', '--rules', 'list.yml', 'audit.log', '-o', 'none']);
  });
  after(() => folder.remove());

  const timeline = (...args: readonly string[]) => folder.run(['timeline', '--rules', 'list.yml', ...args]);

  it('shows what one user did: repeats as one line, gaps, other clients, findings with their stage', async () => {
    const { code, stdout } = await timeline('audit.log', '--user', 'alice@example.com');
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/^What \[MASKED:user:\w+:\w+\] did, UTC\n2026-05-04\n +⋮ from ~\d+\.\d+\.\d+\.\d+ with kubectl\/v1\.30\.0\n/)
      .and.to.match(/\n09:00:00 get secrets shop\/a, b → 200 × 2 until 09:00:02 {3}\$ kubectl get secrets a -n shop\n/)
      .and.to.match(
        /⋮ nothing for 2 h 30 min\n11:30:00 list pods default → 200 {3}\$ kubectl get pods -n default\n +MED {2}Pods listed \[Discovery, T1613\]/,
      )
      .and.to.match(/⋮ with curl\/8\.5\.0\n11:32:00 delete pods/)
      .and.to.match(/Discovery +TA0007 +2026-05-04 11:30:00 +2026-05-04 11:30:00 +1\n$/);
    expect(stdout).not.to.match(/alice|bob|203\.0\.113\.7|11:31/);
  });

  it('reads the log of an agent, by name, by pseudonym and by finding, and notes who was looked up', async () => {
    const [finding] = linesOf((await folder.run(['tail', '--no-follow', '-o', 'json'])).stdout).map(
      (line) => JSON.parse(line) as { readonly id: string; readonly event: { readonly user?: string } },
    );
    const byName = await timeline('auditveil-data', '--user', 'alice@example.com');
    expect(byName.stdout).to.include('nothing for 2 h 30 min').and.to.include('Pods listed [Discovery');
    expect(
      readdirSync(folder.file('auditveil-data'), { recursive: true }).some((name) => String(name).includes('note')),
    ).to.equal(true);
    expect((await timeline('auditveil-data', '--user', finding?.event.user ?? '')).stdout).to.equal(byName.stdout);
    expect((await timeline('auditveil-data', '--finding', finding?.id.slice(0, 8) ?? '')).stdout).to.equal(byName.stdout);
  });

  it('writes JSON lines: who, actions, stages', async () => {
    const { stdout } = await timeline('audit.log', '--user', 'alice@example.com', '-o', 'json');
    const lines = linesOf(stdout).map((line) => JSON.parse(line) as { readonly type: string; readonly count?: number });
    expect(lines.map(({ type }) => type)).to.deep.equal(['principal', 'action', 'action', 'action', 'stage']);
    expect(lines[1]).to.deep.include({ count: 2, names: ['a', 'b'], nameCount: 2 });
    expect(stdout).not.to.match(/alice|203\.0\.113\.7/);
    writeFileSync(folder.file('odd.log'), `${auditEvent({ userAgent: 'curl/8\u202e\u009b' })}\n`);
    const odd = (await timeline('odd.log', '--user', 'alice@example.com', '-o', 'json')).stdout;
    expect(odd).to.include('curl/8\\u202e\\u009b');
  });

  it('says what to do where nobody is named, or nothing is there', async () => {
    expect((await timeline('audit.log')).stderr).to.include('E_USAGE_USER');
    expect((await timeline('audit.log', '--user', 'eve@example.com')).stderr).to.match(/E_TIMELINE_NOTHING[\s\S]*--key/);
    expect((await timeline('.', '--user', 'eve@example.com')).stderr).to.include('E_LOG_MISSING');
    expect(existsSync(folder.file('notes'))).to.equal(false);
    expect((await timeline('audit.log', '--finding', 'ffff')).stderr).to.include('E_TIMELINE_FINDING');
    expect((await timeline('--finding', 'ffff')).code).to.equal(2);
    expect((await timeline('audit.log', '--user', 'a', '--finding', 'b')).code).to.equal(2);
  });
});
