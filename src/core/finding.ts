export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** For sorting, the gravest first: negative where `a` is graver than `b`. */
export const graver = (a: Severity, b: Severity): number => severities.indexOf(b) - severities.indexOf(a);

/** Shapes in which findings are written out; docs/findings.md has the tables. */
export const findingFormats = ['native', 'ocsf', 'falco', 'ecs'] as const;
export type FindingFormat = (typeof findingFormats)[number];

/** What a rule says about itself; a finding carries it so that authors are credited where a match is shown. */
export interface RuleInfo {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly author: string | undefined;
  readonly licence: string | undefined;
  /** ATT&CK and other tags as written in the rule. */
  readonly tags: readonly string[];
  /** Rows of the detection study this rule implements. */
  readonly covers: readonly string[];
}

/** A run of matches of a stateful rule for one group. The id is fixed when first emitted. */
export interface Episode {
  readonly id: string;
  readonly count: number;
  /** RFC 3339, event time. */
  readonly first: string;
  readonly last: string;
  /** Group-by fields with their masked values. */
  readonly group: Readonly<Record<string, string>>;
  /** Late events joined this episode to another, which goes on under its own id; this one is withdrawn. */
  readonly mergedInto?: string;
}

/** Who did what to what, with masked values. */
export interface FindingEvent {
  readonly auditID: string | undefined;
  readonly stage: string | undefined;
  /** 0-based number of the input event where the input has an order (detect), else absent. */
  readonly index?: number;
  readonly user: string | undefined;
  readonly verb: string | undefined;
  readonly resource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly sourceIPs: readonly string[];
  readonly userAgent: string | undefined;
  readonly code: number | undefined;
  /** What a person would type for such a request: `kubectl exec -it web-0 -n shop -- sh`. Absent for programs. */
  readonly intent?: string;
}

/** What was done to what: `create pods/exec shop/web-0`. */
export function doneTo(event: Pick<FindingEvent, 'verb' | 'resource' | 'namespace' | 'name'>): string {
  const { verb, resource, namespace, name } = event;
  return [verb, resource, [namespace, name].filter(Boolean).join('/')].filter(Boolean).join(' ');
}

/** An event of which nothing is known. */
export const unknownEvent: FindingEvent = {
  auditID: undefined,
  stage: undefined,
  user: undefined,
  verb: undefined,
  resource: undefined,
  namespace: undefined,
  name: undefined,
  sourceIPs: [],
  userAgent: undefined,
  code: undefined,
};

/** Who changed the object that a controller made this one from, and when. Masked values. */
export interface Origin extends FindingEvent {
  /** RFC 3339, event time. */
  readonly time: string;
}

/** What the rule itself says of a match, where its language has a form for it (Falco). Made from masked bytes. */
export interface FindingOutput {
  readonly text: string;
  /** Fields in the text, as the rule wrote them. */
  readonly fields: Readonly<Record<string, string>>;
  /** The rule's own word for its severity. */
  readonly priority: string;
}

/** A finding. Every text in it comes from masked bytes or from the rule file. */
export interface Finding {
  readonly id: string;
  readonly revision: number;
  readonly rule: RuleInfo;
  readonly time: string;
  readonly cluster: string;
  readonly event: FindingEvent;
  /** Fields the rule looked at, with their masked values. */
  readonly evidence: Readonly<Record<string, readonly string[]>>;
  readonly output?: FindingOutput;
  /** Of what a controller did: who is behind it, where that was seen. */
  readonly origin?: Origin;
  readonly episode?: Episode;
  /** What suppression rolled into this finding: number of findings in all, and the time of the last. */
  readonly rolledUp?: { readonly count: number; readonly last: string };
}
