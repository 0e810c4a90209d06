import { type Finding, type Severity, severities } from '../core/finding.ts';
import { isMuted, type MuteWindow } from './mute-window.ts';
import { fitsPattern } from './name-pattern.ts';

/** What a finding must be for a route. Every member that is given must hold; of a list one entry must. `*` stands for any text. */
export interface RouteMatch {
  readonly minSeverity?: Severity | undefined;
  readonly maxSeverity?: Severity | undefined;
  /** Id or name of the rule. */
  readonly rule?: readonly string[] | undefined;
  /** Tag of the rule. */
  readonly tag?: readonly string[] | undefined;
  /** Namespace of the object, as it stands in the finding; a finding without one does not match. */
  readonly namespace?: readonly string[] | undefined;
  readonly cluster?: readonly string[] | undefined;
}

export interface Route {
  /** Shown by `route explain`. */
  readonly name?: string | undefined;
  readonly match: RouteMatch;
  /** Sinks by name; absent: those of the route around it. */
  readonly sinks?: readonly string[] | undefined;
  /** Whether the next routes are looked at too. */
  readonly continue: boolean;
  /** Windows in which this route and the routes inside it send nothing. */
  readonly mute: readonly string[];
  /** Tried in order; where none matches, the route itself decides. */
  readonly routes: readonly Route[];
}

export interface Routing {
  /** Where findings go that no route matches. */
  readonly sinks: readonly string[];
  readonly routes: readonly Route[];
  readonly muteWindows: readonly MuteWindow[];
}

/** One route that was looked at. */
export interface RouteStep {
  /** `routes[1].routes[0]`; empty for the default. */
  readonly place: string;
  readonly name: string | undefined;
  readonly depth: number;
  /** The member of `match` that did not hold; absent where the route matched. */
  readonly failed?: keyof RouteMatch;
  /** Where this route itself decided: to which sinks. */
  readonly sinks?: readonly string[];
  /** Windows that kept it from sending. */
  readonly muted?: readonly string[];
}

export interface RouteDecision {
  /** In the order of the first route that named them. */
  readonly sinks: readonly string[];
  /** Sinks that got nothing only because of a window. */
  readonly muted: readonly string[];
  readonly steps: readonly RouteStep[];
}

/** Decides for each finding which sinks get it. Pure: the same finding at the same moment goes the same way. */
export class RouteTree {
  readonly #routing: Routing;
  readonly #windows: ReadonlyMap<string, MuteWindow>;

  constructor(routing: Routing) {
    this.#routing = routing;
    this.#windows = new Map(routing.muteWindows.map((window) => [window.name, window]));
  }

  /** @param atMs when the finding was logged: mute windows are judged by it, so that an outage of a sink changes nothing */
  decide(finding: Finding, atMs: number): RouteDecision {
    const walk = new Walk(finding, (name) => {
      const window = this.#windows.get(name);
      return window !== undefined && isMuted(window, atMs);
    });
    const { routes, sinks } = this.#routing;
    if (!walk.routes(routes, { place: '', depth: 0, sinks, muted: [] }))
      walk.send({ place: '', depth: 0, sinks, muted: [] }, undefined);
    return walk.decision();
  }
}

/** What the routes around a route have settled. */
interface Around {
  readonly place: string;
  readonly depth: number;
  readonly sinks: readonly string[];
  readonly muted: readonly string[];
}

class Walk {
  readonly #finding: Finding;
  readonly #isMuted: (window: string) => boolean;
  readonly #steps: RouteStep[] = [];
  readonly #sent = new Set<string>();
  readonly #muted = new Set<string>();

  constructor(finding: Finding, isMutedNow: (window: string) => boolean) {
    this.#finding = finding;
    this.#isMuted = isMutedNow;
  }

  /** @returns whether any route matched */
  routes(routes: readonly Route[], around: Around): boolean {
    let matched = false;
    for (const [index, route] of routes.entries()) {
      const place = `${around.place === '' ? '' : `${around.place}.`}routes[${index}]`;
      const failed = failedMember(this.#finding, route.match);
      if (failed !== undefined) {
        this.#steps.push({ place, name: route.name, depth: around.depth, failed });
        continue;
      }
      matched = true;
      this.#take(route, { ...around, place });
      if (!route.continue) return true;
    }
    return matched;
  }

  #take(route: Route, { place, depth, sinks, muted }: Around): void {
    const inside = {
      place,
      depth: depth + 1,
      sinks: route.sinks ?? sinks,
      muted: [...muted, ...route.mute.filter(this.#isMuted)],
    };
    const at = this.#steps.length;
    if (route.routes.length > 0 && this.routes(route.routes, inside))
      this.#steps.splice(at, 0, { place, name: route.name, depth });
    else this.send({ ...inside, depth }, route.name, at);
  }

  /** @param at where among the steps: before those of the routes inside */
  send({ place, depth, sinks, muted }: Around, name: string | undefined, at = this.#steps.length): void {
    this.#steps.splice(at, 0, { place, name, depth, sinks, ...(muted.length > 0 && { muted }) });
    for (const sink of sinks) (muted.length > 0 ? this.#muted : this.#sent).add(sink);
  }

  decision(): RouteDecision {
    return { sinks: [...this.#sent], muted: [...this.#muted].filter((sink) => !this.#sent.has(sink)), steps: this.#steps };
  }
}

/** The first member that does not hold; undefined where all do. */
function failedMember(finding: Finding, match: RouteMatch): keyof RouteMatch | undefined {
  const { rule, event, cluster } = finding;
  const grade = severities.indexOf(rule.severity);
  if (match.minSeverity !== undefined && grade < severities.indexOf(match.minSeverity)) return 'minSeverity';
  if (match.maxSeverity !== undefined && grade > severities.indexOf(match.maxSeverity)) return 'maxSeverity';
  if (!fitsAny([rule.id, rule.name], match.rule)) return 'rule';
  if (!fitsAny(rule.tags, match.tag)) return 'tag';
  if (!fitsAny(event.namespace === undefined ? [] : [event.namespace], match.namespace)) return 'namespace';
  if (!fitsAny([cluster], match.cluster)) return 'cluster';
  return undefined;
}

function fitsAny(names: readonly string[], patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || patterns.some((pattern) => names.some((name) => fitsPattern(name, pattern)));
}
