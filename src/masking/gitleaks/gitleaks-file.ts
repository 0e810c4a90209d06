import type { Fault } from '../../core/faults.ts';
import type { Place } from './toml-source.ts';

/** What a gitleaks configuration says, read but not yet joined with what it extends (gitleaks 8, `config/config.go`). */
export interface GitleaksFile {
  readonly file: string;
  readonly title: string;
  readonly extend: GitleaksExtend;
  readonly rules: readonly GitleaksRule[];
  /** For all rules, but for those with `targetRules`. */
  readonly allowlists: readonly GitleaksAllowlist[];
  readonly faults: readonly Fault[];
  readonly notices: readonly Notice[];
}

export interface GitleaksExtend {
  readonly path: string | undefined;
  readonly useDefault: boolean;
  readonly disabledRules: readonly string[];
  readonly place: Place;
}

export interface GitleaksRule {
  readonly id: string;
  readonly description: string;
  readonly regex: string | undefined;
  /** Only rules for files whose name matches: events have none. */
  readonly path: string | undefined;
  /** 0: the first group that holds text, or the match where the expression has no groups. */
  readonly secretGroup: number;
  /** Bits per character; 0: not asked. */
  readonly entropy: number;
  readonly keywords: readonly string[];
  readonly allowlists: readonly GitleaksAllowlist[];
  readonly required: readonly GitleaksRequirement[];
  /** Found only as a part of other rules. */
  readonly skipReport: boolean;
  readonly file: string;
  readonly place: Place;
}

export interface GitleaksAllowlist {
  readonly all: boolean;
  readonly commits: number;
  readonly paths: number;
  readonly target: 'secret' | 'match' | 'line';
  readonly regexes: readonly string[];
  readonly stopwords: readonly string[];
  readonly targetRules: readonly string[];
  readonly file: string;
  readonly place: Place;
}

export interface GitleaksRequirement {
  readonly id: string;
  readonly withinLines: number | undefined;
  readonly withinColumns: number | undefined;
  readonly place: Place;
}

/** Something a file says that has no effect here, or another one. Not an error. */
export interface Notice extends Place {
  readonly file: string;
  readonly message: string;
}
