import { type Finding, graver, type Severity } from '../core/finding.ts';
import { attackOf, type Tactic, techniqueId } from './attack-tags.ts';

/** Actions kept of one timeline; later ones are counted. */
const actionLimit = 50_000;
/** Names of objects shown of one action. */
const namesPerAction = 3;

/** What a finding adds to a line. */
export interface Mark {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly tactics: readonly Tactic[];
  readonly techniques: readonly string[];
}

/** One request of the principal, or several in a row that ask the same. */
export interface Action {
  readonly timeMs: number;
  /** Of the last of them. */
  readonly lastMs: number;
  readonly count: number;
  /** Of the first of them. */
  readonly event: Finding['event'];
  /** Names of their objects, each once: the first few, and how many there are. */
  readonly names: readonly string[];
  readonly nameCount: number;
  readonly marks: readonly Mark[];
  /** The address, the user agent, are others than in the line before. */
  readonly newPlace: boolean;
  readonly newAgent: boolean;
}

/** How far an intrusion has come: a tactic with its first and last finding. */
export interface StageSeen {
  readonly tactic: Tactic;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly findings: number;
}

interface Step {
  timeMs: number;
  event: Finding['event'];
  readonly stages: Set<string>;
  readonly marks: Map<string, Mark>;
}

export function markOf({ id, rule }: Finding): Mark {
  const { tactics, techniques } = attackOf(rule.tags);
  return {
    id,
    name: rule.name,
    severity: rule.severity,
    tactics,
    techniques: techniques.map(techniqueId),
  };
}

/** Collects what one principal did, in any order. */
export class Timeline {
  readonly #steps: Step[] = [];
  /** By audit ID the last request that has it. */
  readonly #requests = new Map<string, Step>();
  #leftOut = 0;

  /** Actions that came after the limit. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** An event of the principal, with the findings that it made. The stages of one request are one action. */
  add(event: Finding['event'], timeMs: number, findings: readonly Finding[]): void {
    const step = this.#stepOf(event, timeMs);
    if (!step) return;
    if (event.stage !== undefined) step.stages.add(event.stage);
    step.timeMs = Math.min(step.timeMs, timeMs);
    // The answer is in the later event; of a session that goes on, in the only one there is.
    if (event.code !== undefined) step.event = event;
    for (const finding of findings) step.marks.set(finding.rule.id, markOf(finding));
  }

  /** Clients choose the audit ID: where a stage of it comes again it is another request, or one ID would hide all but one. */
  #stepOf(event: Finding['event'], timeMs: number): Step | undefined {
    const known = event.auditID === undefined ? undefined : this.#requests.get(event.auditID);
    if (known && !known.stages.has(event.stage ?? '')) return known;
    if (this.#steps.length >= actionLimit) {
      this.#leftOut++;
      return undefined;
    }
    const step = { timeMs, event, stages: new Set<string>(), marks: new Map<string, Mark>() };
    this.#steps.push(step);
    if (event.auditID !== undefined) this.#requests.set(event.auditID, step);
    return step;
  }

  /** In order of time. Requests in a row that differ in nothing but the object, and have the same findings, are one line. */
  actions(): readonly Action[] {
    const steps = this.#steps.toSorted((a, b) => a.timeMs - b.timeMs);
    const runs: Step[][] = [];
    for (const step of steps) {
      const run = runs.at(-1);
      const [first] = run ?? [];
      if (run && first && isSame(first, step)) run.push(step);
      else runs.push([step]);
    }
    return runs.map((run, i) => actionOf(run, runs[i - 1]?.[0]?.event));
  }
}

function actionOf(run: readonly Step[], before: Finding['event'] | undefined): Action {
  const [first] = run as readonly [Step];
  const names = [...new Set(run.flatMap(({ event }) => event.name ?? []))];
  const { event } = first;
  return {
    timeMs: first.timeMs,
    lastMs: run.at(-1)?.timeMs ?? first.timeMs,
    count: run.length,
    event,
    names: names.slice(0, namesPerAction),
    nameCount: names.length,
    marks: marksOf(first),
    newPlace: before !== undefined && before.sourceIPs.at(-1) !== event.sourceIPs.at(-1),
    newAgent: before !== undefined && before.userAgent !== event.userAgent,
  };
}

function marksOf({ marks }: Step): readonly Mark[] {
  return [...marks.values()].sort((a, b) => graver(a.severity, b.severity));
}

function isSame(a: Step, b: Step): boolean {
  const textOf = ({ event, marks }: Step): string => {
    const { verb, resource, namespace, code, userAgent, sourceIPs } = event;
    return JSON.stringify([verb, resource, namespace, code, userAgent, sourceIPs.at(-1), ...[...marks.keys()].sort()]);
  };
  return textOf(a) === textOf(b);
}

/** Tactics of ATT&CK in the order in which the principal came to them. */
export function stagesSeen(actions: readonly Action[]): readonly StageSeen[] {
  const seen = new Map<string, StageSeen>();
  for (const { timeMs, lastMs, count, marks } of actions)
    for (const { tactics } of marks)
      for (const tactic of tactics) {
        const before = seen.get(tactic.id) ?? { tactic, firstMs: timeMs, lastMs, findings: 0 };
        seen.set(tactic.id, { ...before, lastMs: Math.max(before.lastMs, lastMs), findings: before.findings + count });
      }
  return [...seen.values()];
}
