import type { RuleInfo } from '../../src/core/finding.ts';

/** GET /rules */
export interface RuleSummary {
  readonly rule: RuleInfo;
  readonly findings: number;
  readonly last?: string;
}

/** GET /rules/ID */
export interface RuleDetail {
  readonly rule: RuleInfo;
  readonly text: string;
  readonly findings: number;
  /** Findings of the last 30 days, the last one is the day up to now. */
  readonly days: readonly number[];
}

/** GET /rules/ID/backtest */
export interface RuleBacktest {
  readonly events: number;
  readonly first?: string;
  readonly last?: string;
  readonly findings: number;
  readonly rolledUp: number;
  readonly askedOfMasked: boolean;
  readonly byHour: Readonly<Record<string, number>>;
  readonly topPrincipals: readonly { readonly principal: string; readonly findings: number }[];
}

/** GET /posture */
export interface PostureView {
  readonly from?: string;
  readonly to?: string;
  readonly events: number;
  readonly serverMinor?: number;
  readonly practices: readonly PostureItem[];
}

export interface PostureItem {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly remedy: string;
  readonly status: 'found' | 'none' | 'unseen';
  readonly looked: number;
  readonly count: number;
  readonly examples: readonly { readonly what: string; readonly who?: string; readonly note?: string; readonly at?: string }[];
  readonly blind?: string;
}

/** GET /completeness */
export interface CompletenessView {
  readonly sources: readonly {
    readonly name: string;
    readonly events: number;
    readonly lagMs?: number | undefined;
    readonly gaps: number;
    readonly missingBytes: number;
  }[];
  /** Newest first. */
  readonly gaps: readonly {
    readonly finding: string;
    readonly time: string;
    readonly about: string;
    readonly source: string;
    readonly bytes?: number;
  }[];
}
