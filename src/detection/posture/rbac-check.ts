import { type Grant, Grants } from '../rbac/grants.ts';
import { describeRule, hasWildcard, type RbacRule, ruleAllows } from '../rbac/rbac-rule.ts';
import type { PostureEvent } from './posture-event.ts';
import { type Example, type Judgement, type LogSpan, type PostureCheck, type Practice, Tally } from './practice.ts';
import { objectName } from './principals.ts';

const bodies = 'bodies of changes of roles and bindings (level Request), or lists of them (RequestResponse)';
const uses = 'the annotation authorization.k8s.io/reason, which names the binding (level Metadata, authorization by RBAC)';
const practices = {
  wildcard: {
    id: 'rbac.wildcard',
    title: 'Role with a wildcard',
    why: 'It also allows what is added to the cluster later, and what nobody thought of.',
    remedy: 'Name verbs and resources: `auditveil rbac suggest` writes the role from what is used.',
    needs: bodies,
  },
  admin: {
    id: 'rbac.cluster-admin',
    title: 'Binding to cluster-admin',
    why: 'Whoever holds it can do everything in every namespace, reading all secrets included.',
    remedy: 'Bind a role that is written for the work.',
    needs: `${bodies}, or its use`,
  },
  stale: {
    id: 'rbac.stale',
    title: 'Binding that nobody used',
    why: 'Rights that nobody needs are only of use to whoever takes over the account.',
    remedy: 'Remove the binding. Where two bindings allow the same, the API server names only the first.',
    needs: `${bodies}, ${uses}, and a log at least as long as --stale-after`,
  },
  wide: {
    id: 'rbac.wide',
    title: 'Binding that allows more than was used',
    why: 'The rest of the rights waits for somebody who finds a use for it.',
    remedy: 'Write the role from what is used: `auditveil rbac suggest`.',
    needs: `${bodies}, ${uses}, and a log at least as long as --stale-after`,
  },
} as const satisfies Readonly<Record<string, Practice>>;

/** Unused rules an example names. */
const namedRules = 3;

/** Rights as they are given, and as they are used. Roles and bindings that come with Kubernetes are left out. */
export class RbacCheck implements PostureCheck {
  readonly practices = Object.values(practices);
  readonly #grants = new Grants();
  readonly #staleAfterMs: number;

  /** @param staleAfterMs nothing is called unused in a log shorter than this */
  constructor(staleAfterMs: number) {
    this.#staleAfterMs = staleAfterMs;
  }

  get givenUp(): number {
    return this.#grants.givenUp;
  }

  observe(event: PostureEvent): void {
    this.#grants.observe(event);
  }

  judge(span: LogSpan): ReadonlyMap<string, Judgement> {
    const grants = [...this.#grants.bindings()].filter(({ name }) => !name.startsWith('system:'));
    return new Map([
      [practices.wildcard.id, this.#wildcards()],
      [practices.admin.id, admins(grants)],
      ...this.#unused(grants, span),
    ]);
  }

  #wildcards(): Judgement {
    const tally = new Tally();
    for (const [namespace, name, { rules, who, writtenMs }] of this.#grants.roles()) {
      if (name.startsWith('system:') || name === 'cluster-admin') continue;
      const wild = rules.filter(hasWildcard);
      const what = objectName(namespace === '' ? 'clusterrole' : 'role', namespace, name);
      tally.add(wild.length > 0, () => ({ what, ...noted(wild), ...byWhom(who) }), writtenMs ?? Number.NEGATIVE_INFINITY);
    }
    return tally.judgement(tally.looked === 0 ? 'no role is in this log with its body' : undefined);
  }

  #unused(grants: readonly Grant[], { firstMs, lastMs }: LogSpan): readonly (readonly [string, Judgement])[] {
    const [stale, wide] = [new Tally(), new Tally()];
    const isShort = !(lastMs - firstMs >= this.#staleAfterMs);
    const isNamed = grants.some((grant) => grant.uses > 0);
    for (const grant of isShort ? [] : grants) {
      const sinceMs = lastMs - Math.max(grant.lastUsedMs ?? 0, grant.writtenMs ?? firstMs);
      if (isNamed)
        stale.add(sinceMs >= this.#staleAfterMs, () => exampleOf(grant, `not used for ${daysOf(sinceMs)} days`), madeAt(grant));
      const rules = this.#grants.rulesOf(grant);
      if (grant.uses === 0 || !rules || rules.length === 0) continue;
      const requests = [...grant.requests.values()];
      const idle = rules.filter((rule) => !requests.some((request) => ruleAllows({ ...rule, resourceNames: [] }, request)));
      const wild = rules.filter(hasWildcard);
      const tooMuch = [...new Set([...idle, ...wild])];
      const note = `used for ${requests.length} kinds of requests, not: ${noted(tooMuch).note}`;
      wide.add(tooMuch.length > 0, () => exampleOf(grant, note), madeAt(grant));
    }
    const blind = this.#whyUnused(isShort, isNamed, grants.length);
    return [
      [practices.stale.id, stale.judgement(stale.looked === 0 ? blind : undefined)],
      [practices.wide.id, wide.judgement(wide.looked === 0 ? blind : undefined)],
    ];
  }

  #whyUnused(isShort: boolean, isNamed: boolean, count: number): string {
    if (count === 0) return 'no binding is in this log, neither with its body nor by its use';
    if (isShort)
      return `the log covers less than ${daysOf(this.#staleAfterMs)} days (--stale-after): what was not used yet may be used tomorrow`;
    if (!isNamed) return 'no request says which binding allowed it (annotation authorization.k8s.io/reason)';
    return 'the rules of the bindings that were used are not in this log';
  }
}

function admins(grants: readonly Grant[]): Judgement {
  const tally = new Tally();
  for (const grant of grants) {
    const isAdmin = grant.roleKind === 'ClusterRole' && grant.roleName === 'cluster-admin';
    // The one that comes with Kubernetes, for the group system:masters.
    if (grant.name !== 'cluster-admin') tally.add(isAdmin, () => exampleOf(grant, subjectsOf(grant)), madeAt(grant));
  }
  return tally.judgement(tally.looked === 0 ? 'no binding is in this log, neither with its body nor by its use' : undefined);
}

/** Days with as many decimals as say something. */
const daysOf = (ms: number): number => Number((ms / 86_400_000).toPrecision(2));

const madeAt = ({ writtenMs, lastUsedMs }: Grant): number => writtenMs ?? lastUsedMs ?? Number.NEGATIVE_INFINITY;

const byWhom = (who: string): Pick<Example, 'who'> => (who === '' ? {} : { who });

function exampleOf(grant: Grant, note: string): Omit<Example, 'at'> {
  const what = `${objectName(grant.kind.toLowerCase(), grant.namespace, grant.name)} → ${grant.roleName}`;
  return { what: what.slice(0, 320), note: note.slice(0, 320), ...byWhom(grant.who) };
}

function noted(rules: readonly RbacRule[]): { readonly note: string } {
  const more = rules.length > namedRules ? ` and ${rules.length - namedRules} more` : '';
  return { note: `${rules.slice(0, namedRules).map(describeRule).join('; ').slice(0, 300)}${more}` };
}

function subjectsOf({ subjects = [] }: Grant): string {
  const named = subjects
    .slice(0, 3)
    .map(({ kind, name, namespace }) => `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`);
  return `given to ${named.join(', ') || 'somebody this log does not name'}`;
}
