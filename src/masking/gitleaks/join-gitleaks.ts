import { didYouMean } from '../../core/closest-word.ts';
import { Fault } from '../../core/faults.ts';
import type { GitleaksAllowlist, GitleaksFile, GitleaksRule, Notice } from './gitleaks-file.ts';
import type { Place } from './toml-source.ts';

/** All rules of a file and of what it extends, each with the allowlists that are for it. */
export interface JoinedGitleaks {
  readonly rules: readonly GitleaksRule[];
  /** For every rule. */
  readonly allowlists: readonly GitleaksAllowlist[];
  readonly faults: readonly Fault[];
  readonly notices: readonly Notice[];
}

/**
 * Joins a file with the files it extends, nearest first: a rule of the same id changes what it says itself and adds its
 * keywords and allowlists (gitleaks 8, `config/config.go`, `extend`). What `useDefault` extends may be missing.
 */
export function joinGitleaks(chain: readonly GitleaksFile[]): JoinedGitleaks {
  const join = new Join(chain.at(-1)?.extend.useDefault === true);
  for (const file of [...chain].reverse()) join.add(file);
  return join.result();
}

class Join {
  readonly #incomplete: boolean;
  readonly #rules = new Map<string, GitleaksRule>();
  readonly #allowlists: GitleaksAllowlist[] = [];
  readonly #targeted: GitleaksAllowlist[] = [];
  readonly #faults: Fault[] = [];
  readonly #notices: Notice[] = [];

  /** @param incomplete the default rules are extended and not at hand */
  constructor(incomplete: boolean) {
    this.#incomplete = incomplete;
  }

  add(file: GitleaksFile): void {
    this.#faults.push(...file.faults);
    this.#notices.push(...file.notices);
    for (const id of file.extend.disabledRules) {
      if (!this.#rules.delete(id) && !this.#incomplete)
        this.#note(file, file.extend.place, `there is no rule ${JSON.stringify(id)} to disable`);
    }
    const own = new Set<string>();
    for (const rule of file.rules) {
      if (own.has(rule.id)) this.#note(file, rule.place, `rule ${rule.id} comes twice; the last one counts`);
      const before = own.has(rule.id) ? undefined : this.#rules.get(rule.id);
      own.add(rule.id);
      this.#rules.set(rule.id, before ? changed(before, rule) : rule);
    }
    for (const one of file.allowlists) (one.targetRules.length > 0 ? this.#targeted : this.#allowlists).push(one);
  }

  result(): JoinedGitleaks {
    for (const allowlist of this.#targeted) {
      for (const id of allowlist.targetRules) {
        const rule = this.#rules.get(id);
        if (rule) this.#rules.set(id, { ...rule, allowlists: [...rule.allowlists, allowlist] });
        else this.#missing(allowlist, `an allowlist is for the rule ${JSON.stringify(id)}, which does not exist`, this.#like(id));
      }
    }
    for (const rule of this.#rules.values()) {
      if (rule.regex === undefined && rule.path === undefined)
        this.#missing(rule, `rule ${rule.id} has neither regex nor path`, 'Give it a `regex`.');
      for (const { id } of rule.required)
        if (!this.#rules.has(id))
          this.#missing(rule, `rule ${rule.id} requires ${JSON.stringify(id)}, which does not exist`, this.#like(id));
    }
    return { rules: [...this.#rules.values()], allowlists: this.#allowlists, faults: this.#faults, notices: this.#notices };
  }

  /** What refers to a default rule is no mistake where those are not at hand. */
  #missing({ file, place }: GitleaksRule | GitleaksAllowlist, message: string, remedy: string): void {
    if (this.#incomplete) {
      this.#note({ file }, place, `${message} without gitleaks' default rules: it has no effect. Give their file as a pack too.`);
      return;
    }
    this.#faults.push(new Fault(message, { code: 'E_GITLEAKS_RULE', remedy, location: { file, ...place } }));
  }

  #like(id: string): string {
    return didYouMean(id, [...this.#rules.keys()]);
  }

  #note({ file }: { readonly file: string }, { line, column }: Place, message: string): void {
    this.#notices.push({ file, line, column, message });
  }
}

function changed(base: GitleaksRule, own: GitleaksRule): GitleaksRule {
  return {
    ...own,
    description: own.description || base.description,
    regex: own.regex ?? base.regex,
    path: own.path ?? base.path,
    secretGroup: own.secretGroup || base.secretGroup,
    entropy: own.entropy || base.entropy,
    keywords: [...new Set([...base.keywords, ...own.keywords])],
    allowlists: [...base.allowlists, ...own.allowlists],
    required: own.required.length > 0 ? own.required : base.required,
    skipReport: own.skipReport || base.skipReport,
  };
}
