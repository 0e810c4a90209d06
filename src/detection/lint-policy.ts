import type { FieldSpec } from '../core/extracts.ts';
import type { LintNote } from './lint.ts';
import { coverageOf } from './policy-coverage.ts';
import type { Rule } from './rule.ts';
import type { PolicyView } from './rule-view.ts';

/** Requests a note names. */
const shownRequests = 4;

/** What an audit policy does not log of the requests that a rule is about, whoever asks: levels too low, stages left out. */
export function policyNotes(rule: Rule, fields: readonly FieldSpec[], view: PolicyView): readonly LintNote[] {
  const { hidden, requests, why } = coverageOf(rule, fields, view);
  const general = why.filter(({ only }) => only.length === 0);
  const [first] = general;
  if (!first) return [];
  const names = [...new Set(general.flatMap((entry) => entry.requests))];
  const more = names.length > shownRequests ? ` and ${names.length - shownRequests} more` : '';
  const reason = first.line === 0 ? 'no rule of it logs them' : `its rule in line ${first.line} logs the first at ${first.level}`;
  const { info, location } = rule;
  const all = hidden === requests;
  const message = `the audit policy ${view.policy.file} ${all ? 'logs no event that could match' : 'hides what could match'}: ${names.slice(0, shownRequests).join(', ')}${more} (${reason})`;
  return [{ code: all ? 'not-logged' : 'partly-logged', ruleId: info.id, ruleName: info.name, location, message }];
}
