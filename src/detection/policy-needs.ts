import type { FieldSpec } from '../core/extracts.ts';
import { type AuditLevel, auditLevels } from './audit-policy.ts';
import { kubernetesVerbs } from './kubernetes-resources.ts';
import { type Target, valuesOf } from './request-space.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';
import { PolicyView, RuleView, type Sample } from './rule-view.ts';

/** What rules need to be logged. Targets are named by `keyOf`. */
export interface PolicyNeeds {
  readonly levels: ReadonlyMap<string, { readonly target: Target; readonly level: AuditLevel }>;
  /** Verbs of requests about any resource there may be, also ones that nobody knows here. */
  readonly anyResource: ReadonlySet<string>;
  /** Whether some rule is about any path. */
  readonly anyPath: boolean;
  /** Stages that some rule cannot do without. */
  readonly stages: ReadonlySet<string>;
}

/** A resource that no rule names, to find the rules that are about all of them. */
const unknownResource = 'resource-that-nobody-names';
const unknownPath = '/path-that-nobody-names';
/** Stages that can be left out, the ones first that are least worth. */
export const spareStages: readonly string[] = ['RequestReceived', 'ResponseStarted'];

export const keyOf = ({ verb, resource, subresource, group, path }: Target): string =>
  JSON.stringify([group, resource, subresource, path, verb]);

export const higher = (a: AuditLevel, b: AuditLevel): AuditLevel => (auditLevels.indexOf(a) >= auditLevels.indexOf(b) ? a : b);

interface Example {
  readonly objectRef?: { readonly resource?: unknown; readonly subresource?: unknown };
}

class NeedsOfRule {
  readonly #own: RuleView;
  readonly #examples: ReadonlySet<string>;
  /** About objects of certain kinds only. */
  readonly #isAboutSome: boolean;

  constructor(rule: Rule, fields: readonly FieldSpec[], view: PolicyView) {
    this.#own = new RuleView(rule, fields, view);
    this.#isAboutSome = !this.#own.may({ values: { 'objectRef.resource': unknownResource } });
    const places = rule.tests.flatMap(({ match, event }) => {
      const { resource, subresource } = (event as Example).objectRef ?? {};
      return match && typeof resource === 'string' ? [`${resource}/${typeof subresource === 'string' ? subresource : ''}`] : [];
    });
    this.#examples = new Set(places);
  }

  /** Verbs of requests about a resource that nobody names, where the head of the event is enough. */
  anyResource(): readonly string[] {
    if (this.#isAboutSome) return [];
    return kubernetesVerbs.filter((verb) => this.#levelOf(generic({ verb, resource: unknownResource })) === 'Metadata');
  }

  anyPath(): boolean {
    return this.#levelOf(generic({ path: unknownPath })) === 'Metadata';
  }

  targets(): readonly { readonly target: Target; readonly level: AuditLevel; readonly samples: readonly Sample[] }[] {
    return this.#own.targets().flatMap((target) => {
      const samples = this.#own.samples(target);
      const level = this.#levelOf(target, samples);
      return level === undefined ? [] : [{ target, level, samples }];
    });
  }

  /** The least level at which the rule sees the target and its exceptions hold; undefined where it is not worth its bodies. */
  #levelOf(target: Target, samples = this.#own.samples(target)): AuditLevel | undefined {
    if (samples.length === 0) return undefined;
    const level = samples.map((sample) => this.#own.leastLevel(sample)).reduce(higher);
    const isMeant = this.#isAboutSome || this.#examples.has(`${target.resource}/${target.subresource}`);
    if (!isMeant) return level === 'Metadata' ? level : undefined;
    return level === 'Metadata' && this.#hasBlindExceptions(target) ? 'Request' : level;
  }

  /** Whether something the rule leaves out is told by the request's body: without it, it finds more than it should. */
  #hasBlindExceptions(target: Target): boolean {
    return this.#own
      .blindClauses(valuesOf(target), 'Metadata')
      .some(({ negated, members }) => negated && members.includes('requestObject'));
  }

  /** Stages that it cannot do without for a target. */
  stagesFor(samples: readonly Sample[], level: AuditLevel): readonly string[] {
    return spareStages.filter((_, i) => samples.some((sample) => !this.#own.sees(sample, level, spareStages.slice(0, i + 1))));
  }
}

const generic = (more: Partial<Target>): Target => ({
  verb: 'get',
  resource: undefined,
  subresource: '',
  group: '',
  path: '',
  ...more,
});

/** What rules need to be logged to find all they are meant to, and no more. Pure. */
export function policyNeeds(set: RuleSet): PolicyNeeds {
  const view = new PolicyView(set, { file: '', rules: [] });
  const levels = new Map<string, { readonly target: Target; readonly level: AuditLevel }>();
  const anyResource = new Set<string>();
  const stages = new Set<string>();
  let anyPath = false;
  for (const { rule } of set.rules) {
    if (rule.waitsFor) continue;
    const needs = new NeedsOfRule(rule, set.matcher.fields, view);
    for (const verb of needs.anyResource()) anyResource.add(verb);
    anyPath ||= needs.anyPath();
    for (const { target, level, samples } of needs.targets()) {
      const key = keyOf(target);
      levels.set(key, { target, level: higher(level, levels.get(key)?.level ?? 'None') });
      for (const stage of needs.stagesFor(samples, level)) stages.add(stage);
    }
  }
  return { levels, anyResource, anyPath, stages };
}
