import { expect } from 'chai';
import { Faults } from '../../src/core/faults.ts';
import type { Inspector } from '../../src/core/tile.ts';
import { type LoadOptions, loadRules } from '../../src/detection/load-rules.ts';
import type { RuleSet } from '../../src/detection/rule-set.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';
import { applyPolicy } from '../../src/masking/policy.ts';
import { composeEngine } from '../../src/pipeline/compose-engine.ts';
import { TileRecords } from '../../src/pipeline/tile-records.ts';
import { testKeyRing, tileOf } from './inspect-lines.ts';

/** A rule of this condition, as a file. The condition is written in single quotes of YAML. */
export const falcoRule = (condition: string, more = ''): string =>
  `- rule: Test\n  desc: Test\n  condition: '${condition.replaceAll("'", "''")}'\n  output: Test\n  priority: WARNING\n  source: k8s_audit\n${more}`;

/** Loads files in order, named 1.yml, 2.yml … */
export function loadFalco(texts: string | readonly string[], options: LoadOptions = {}): RuleSet {
  const list = typeof texts === 'string' ? [texts] : texts;
  return loadRules(
    list.map((text, i) => ({ file: `${i + 1}.yml`, text })),
    options,
  );
}

const inspectors = new WeakMap<RuleSet, Inspector>();

function inspectorOf(set: RuleSet): Inspector {
  const known = inspectors.get(set);
  if (known) return known;
  const policy = applyPolicy([], { policy: 'standard', enable: [], keepUsers: [] });
  const { inspector } = composeEngine({ policy, rules: set, keyRing: testKeyRing });
  inspectors.set(set, inspector);
  return inspector;
}

/**
 * Names of the rules that match, by the slow way over plain data and by the scanner, which must agree. A text is the JSON
 * of an event, as it was written.
 */
export function matchedRules(set: RuleSet, event: unknown): readonly string[] {
  const text = typeof event === 'string' ? event : JSON.stringify(event);
  const slow = matchEvent(set, JSON.parse(text)).rules.map((rule) => set.rules[rule]?.rule.info.name ?? '');
  const [found] = new TileRecords(1).of(inspectorOf(set).inspect(tileOf([text])), 0);
  const fast = (found?.record.matches ?? []).map((id) => set.rules.find(({ rule }) => rule.info.id === id)?.rule.info.name);
  expect(fast, 'scanner and plain data agree').to.deep.equal(slow);
  return slow;
}

/** Whether a condition holds for an event. */
export function holds(condition: string, event: unknown, options: LoadOptions & { readonly with?: string } = {}): boolean {
  return matchedRules(loadFalco(`${options.with ?? ''}${falcoRule(condition)}`, options), event).length === 1;
}

/** Faults of files as `file:line:column code message remedy`. */
export function falcoFaults(texts: string | readonly string[], options: LoadOptions = {}): readonly string[] {
  try {
    loadFalco(texts, options);
    return [];
  } catch (error) {
    if (!(error instanceof Faults)) throw error;
    return error.faults.map(({ location, code, message, remedy }) =>
      `${location?.file}:${location?.line}:${location?.column} ${code} ${message} ${remedy ?? ''}`.trim(),
    );
  }
}
