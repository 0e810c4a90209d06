import type { RuleInfo } from '../../core/finding.ts';
import type { RuleBacktest, RuleDetail, RuleSummary } from '../api.ts';
import { notFound } from '../api-fault.ts';
import { checkNames } from '../parse-query.ts';
import type { ApiCall, Route } from '../router.ts';
import type { WebContext } from './web-context.ts';

const dayMs = 86_400_000;

/** Rules: what they say, what they found, what they would have found; and the practices a log shows. */
export function ruleRoutes(context: WebContext): readonly Route[] {
  const { self } = context;
  const named = async ({ params, query }: ApiCall): Promise<RuleInfo> => {
    checkNames(query, []);
    const rule = (await self.rules()).find(({ id }) => id === params['id']);
    if (!rule)
      throw notFound('there is no such rule', '`GET /rules` lists those of this profile; rules `auditveil.*` have no text.');
    return rule;
  };
  return [
    {
      ...{ method: 'GET', path: '/rules', role: 'auditor' },
      handle: async ({ query }) => {
        checkNames(query, []);
        return { body: await summaries(context) };
      },
    },
    {
      ...{ method: 'GET', path: '/rules/:id', role: 'auditor' },
      handle: async (call) => ({ body: await detail(context, await named(call)) }),
    },
    {
      ...{ method: 'GET', path: '/rules/:id/backtest', role: 'auditor', reads: true },
      handle: async (call) => ({ body: await backtest(context, await named(call)) }),
    },
    {
      ...{ method: 'GET', path: '/posture', role: 'auditor', reads: true },
      handle: async ({ query }) => {
        checkNames(query, []);
        return { body: await self.posture() };
      },
    },
  ];
}

async function summaries({ self, view, loaded }: WebContext): Promise<readonly RuleSummary[]> {
  const rules = await self.rules();
  await loaded;
  const counts = new Map<string, { findings: number; lastMs: number }>();
  await view.each({}, ({ rule: { id }, timeMs }) => {
    const known = counts.get(id);
    if (known) known.findings++;
    else counts.set(id, { findings: 1, lastMs: timeMs });
  });
  return rules.map((rule) => {
    const { findings = 0, lastMs } = counts.get(rule.id) ?? {};
    return { rule, findings, ...(lastMs !== undefined && { last: new Date(lastMs).toISOString() }) };
  });
}

async function detail({ self, view, ports }: WebContext, rule: RuleInfo): Promise<RuleDetail> {
  const nowMs = ports.clock.nowMs();
  const days = Array.from({ length: 30 }, () => 0);
  let findings = 0;
  await view.each({ rule: rule.id }, ({ timeMs }) => {
    findings++;
    const day = Math.floor((nowMs - timeMs) / dayMs);
    if (days[day] !== undefined) days[day]++;
  });
  const silences = view.silences.active(nowMs).filter(({ match }) => match.rule === rule.id || match.rule === rule.name);
  return { rule, text: await self.ruleText(rule.id), findings, days: days.reverse(), silences };
}

async function backtest({ self }: WebContext, { id }: RuleInfo): Promise<RuleBacktest> {
  const { atMs, lines } = await self.backtest();
  const summary = lines.find(({ type }) => type === 'summary') ?? {};
  const line = lines.find(({ type, rule }) => type === 'rule' && (rule as RuleInfo).id === id) ?? {};
  const { events = 0, first, last } = summary as Partial<RuleBacktest>;
  const { findings = 0, rolledUp = 0, askedOfMasked = false, byHour = {}, topPrincipals = [] } = line as Partial<RuleBacktest>;
  return {
    ...{ at: new Date(atMs).toISOString(), rule: id, events, findings, rolledUp, askedOfMasked, byHour, topPrincipals },
    ...(first !== undefined && { first }),
    ...(last !== undefined && { last }),
  };
}
