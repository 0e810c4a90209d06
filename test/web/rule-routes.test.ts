import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { accessTokenHash } from '../../src/crypto/access-token.ts';
import { selfPort } from '../../src/pipeline/web-host.ts';
import type { CompletenessView, PostureView, RuleBacktest, RuleDetail, RuleSummary } from '../../src/web/api.ts';
import { auditEvent, CliFolder, listPodsRule } from '../cli/run-cli.ts';
import { startWeb, type TestWeb } from '../support/web-fixture.ts';

const token = 'token-of-carol';
const tokens = [{ name: 'carol', role: 'auditor' as const, hash: accessTokenHash(token) }];
const id = '7d0f6a3e-0b1c-4c55-9a53-0a1f7a3c9b01';

describe('web/routes/rule-routes', () => {
  let folder: CliFolder;
  let web: TestWeb;
  let runs = 0;
  before(async () => {
    folder = new CliFolder();
    writeFileSync(folder.file('rules.yml'), listPodsRule);
    writeFileSync(folder.file('audit.log'), `${auditEvent()}\n${auditEvent()}\n`);
    await folder.run(['run', '--once', '--rules', 'rules.yml', 'audit.log', '-o', 'none']);
    const detect = { rules: [folder.file('rules.yml')], lists: [], profile: 'default', exceptionFiles: [] } as never;
    const run = async (args: readonly string[]) => {
      runs++;
      return (await folder.run(args)).stdout;
    };
    const data = folder.file('auditveil-data');
    web = await startWeb(data, { token, config: { tokens }, ports: { self: selfPort(run, { detect }, data) } });
  });
  after(async () => {
    await web.server.close();
    folder.remove();
  });

  const ask = async <T>(target: string) => (await (await web.call(target)).json()) as T;

  it('lists rules with what they found, and shows one with its text', async () => {
    const rules = await ask<RuleSummary[]>('/rules');
    expect(rules.map(({ rule }) => rule.id)).to.deep.equal([id]);
    expect(rules[0]?.findings).to.equal(2);
    const detail = await ask<RuleDetail>(`/rules/${id}`);
    expect(detail.text).to.include('title: Pods listed');
    expect(detail).to.deep.include({ findings: 2, silences: [] });
    expect(detail.days).to.have.length(30);
  });

  it('backtests a rule over the log, and keeps the answer for a while', async () => {
    const backtest = await ask<RuleBacktest>(`/rules/${id}/backtest`);
    expect(backtest).to.deep.include({ rule: id, events: 2, findings: 2, askedOfMasked: false });
    expect(backtest.byHour).to.deep.equal({ '2026-05-04T09': 2 });
    expect(backtest.topPrincipals[0]?.principal).to.match(/^\[MASKED:user:/);
    const before = runs;
    await ask(`/rules/${id}/backtest`);
    expect(runs).to.equal(before);
  });

  it('runs nothing for an id that is no rule, whatever it looks like', async () => {
    const before = runs;
    for (const wrong of ['--help', '-o', 'x;y', '..%2f..']) expect((await web.call(`/rules/${wrong}`)).status).to.equal(404);
    expect(runs).to.equal(before);
  });

  it('judges the practices a log shows', async () => {
    const posture = await ask<PostureView>('/posture');
    expect(posture.events).to.equal(2);
    expect(posture.practices.length).to.be.greaterThan(10);
  });

  it('says how complete sources are', async () => {
    const view = await ask<CompletenessView>('/completeness');
    expect(view.gaps).to.deep.equal([]);
  });
});
