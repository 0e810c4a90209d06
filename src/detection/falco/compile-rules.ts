import { Fault, type Location } from '../../core/faults.ts';
import type { Severity } from '../../core/finding.ts';
import { atomsOf, type Condition } from '../condition.ts';
import type { FieldTable } from '../field-table.ts';
import type { Rule } from '../rule.ts';
import type { RuleNotice } from '../rule-set.ts';
import { never } from './compile-check.ts';
import { compileExpression, type ExpressionContext } from './compile-expression.ts';
import { ConditionError } from './condition-error.ts';
import { type ConditionPiece, joinPieces } from './condition-text.ts';
import { withExceptions } from './exceptions.ts';
import type { Expression } from './expression.ts';
import { type OutputTemplate, parseOutput } from './output-template.ts';
import { parseExpression } from './parse-expression.ts';
import { type ListText, type PutText, putLists } from './put-lists.ts';
import type { Priority } from './read-rule.ts';
import type { FalcoRule, RuleCollection } from './rule-collection.ts';

/** The only source of events here. */
export const auditSource = 'k8s_audit';

const severityOf: Readonly<Record<Priority, Severity>> = {
  ...{ emergency: 'critical', alert: 'critical', critical: 'critical', error: 'high', warning: 'medium', notice: 'low' },
  ...{ informational: 'informational', debug: 'informational' },
};

/** Names a notice shows of rules that are left out. */
const shownNames = 3;

/** A rule with the number of the file it was first defined in. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly fileNumber: number;
}

interface Parsed {
  readonly expression: Expression;
  readonly put: PutText;
  readonly piece: ConditionPiece;
}

function faultAt(error: unknown, locate: (at: number) => Location): Fault {
  if (!(error instanceof ConditionError)) throw error;
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
  return new Fault(error.message, { code: error.code, location: locate(error.at), ...remedy });
}

class RuleCompiler {
  readonly #collection: RuleCollection;
  readonly #table: FieldTable;
  readonly #upstream: boolean;
  readonly #lists: readonly ListText[];
  /** A macro parsed; a Fault where it cannot be. */
  readonly #parsed = new Map<string, Parsed | Fault>();
  readonly #conditions = new Map<string, Condition>();
  readonly #leftOut = new Map<string, readonly FalcoRule[]>();
  readonly #ids = new Map<string, number>();
  readonly faults: Fault[] = [];
  readonly notices: RuleNotice[] = [];

  constructor(collection: RuleCollection, table: FieldTable, upstream: boolean) {
    this.#collection = collection;
    this.#table = table;
    this.#upstream = upstream;
    this.#lists = collection.listTexts();
  }

  #parse(piece: ConditionPiece): Parsed {
    const put = putLists(piece.text, this.#lists);
    try {
      return { expression: parseExpression(put.text), put, piece };
    } catch (error) {
      throw faultAt(error, (at) => piece.locate(put.originOf(at)));
    }
  }

  /** Macros that no rule uses are looked over as well: their syntax, and the macros they name. */
  checkMacros(): void {
    for (const { name, condition } of this.#collection.macros) {
      try {
        const parsed = this.#parse(condition);
        this.#parsed.set(name, parsed);
        this.#checkNames(parsed, name);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        this.#parsed.set(name, error);
        this.faults.push(error);
      }
    }
  }

  #checkNames({ expression, put, piece }: Parsed, user: string): void {
    const visit = (part: Expression): void => {
      if (part.type === 'macro' && !this.#collection.macroFor(part.name, user))
        throw faultAt(this.#unknownMacro(part.name, part.at, user), (at) => piece.locate(put.originOf(at)));
      if (part.type === 'not') visit(part.item);
      if (part.type === 'and' || part.type === 'or') part.items.forEach(visit);
    };
    visit(expression);
  }

  #unknownMacro(name: string, at: number, user: string | undefined): ConditionError {
    const exists = this.#collection.macroFor(name, undefined) !== undefined;
    if (exists && user !== undefined)
      return new ConditionError(`the macro "${name}" is defined after "${user}", which uses it`, at, {
        remedy: 'Define it before.',
      });
    return new ConditionError(`there is no macro "${name}"`, at, {
      remedy: 'Load the file that defines it, or write a field and an operator.',
    });
  }

  #context(user: string | undefined, stack: readonly string[]): ExpressionContext {
    return {
      table: this.#table,
      upstream: this.#upstream,
      macro: (name, at) => {
        if (!this.#collection.macroFor(name, user)) throw this.#unknownMacro(name, at, user);
        if (stack.includes(name))
          throw new ConditionError(`the macro "${name}" uses itself`, at, { remedy: 'Leave one of them out.' });
        return this.#macro(name, [...stack, name]);
      },
    };
  }

  /** The condition of a macro, the same for all rules. A fault in it keeps the place in the macro. */
  #macro(name: string, stack: readonly string[]): Condition {
    const known = this.#conditions.get(name);
    if (known) return known;
    const parsed = this.#parsed.get(name);
    // Reported by checkMacros.
    if (!parsed || parsed instanceof Fault) return never;
    const condition = this.#compile(parsed, name, stack);
    this.#conditions.set(name, condition);
    return condition;
  }

  #compile({ expression, put, piece }: Parsed, user: string | undefined, stack: readonly string[]): Condition {
    try {
      return compileExpression(expression, this.#context(user, stack));
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw faultAt(error, (at) => piece.locate(put.originOf(at)));
    }
  }

  #output(rule: FalcoRule): OutputTemplate {
    try {
      return parseOutput(rule.output.text.trim(), this.#upstream);
    } catch (error) {
      const blank = rule.output.text.length - rule.output.text.trimStart().length;
      throw faultAt(error, (at) => rule.output.locate(at + blank));
    }
  }

  #leaveOut(rule: FalcoRule): undefined {
    const key = `${rule.location.file} ${rule.source}`;
    this.#leftOut.set(key, [...(this.#leftOut.get(key) ?? []), rule]);
  }

  /** One notice for all rules of a file that are for the same other source. */
  noticeLeftOut(): void {
    for (const rules of this.#leftOut.values()) {
      const [first] = rules;
      if (!first) continue;
      const { file, line } = first.location;
      const names = rules.slice(0, shownNames).map(({ name }) => `"${name}"`);
      const more = rules.length > shownNames ? ` and ${rules.length - shownNames} more` : '';
      const verb = rules.length === 1 ? 'is' : 'are';
      this.notices.push({
        file,
        line,
        message: `${names.join(', ')}${more} ${verb} for the source "${first.source}" and left out`,
      });
    }
  }

  /** Names that differ only in case are two rules of Falco; ids do not tell case apart. */
  #idOf(name: string): string {
    const same = this.#ids.get(name.toLowerCase()) ?? 0;
    this.#ids.set(name.toLowerCase(), same + 1);
    return same === 0 ? `falco:${name}` : `falco:${name} (${same + 1})`;
  }

  /** Undefined where the rule is not for audit events, is switched off, or is wrong. */
  rule(rule: FalcoRule): CompiledRule | undefined {
    const notice = (message: string): undefined => {
      const { file, line } = rule.location;
      this.notices.push({ file, line, message });
    };
    if (rule.source !== auditSource) return this.#leaveOut(rule);
    try {
      const parsed = this.#parse(joinPieces(withExceptions(rule.condition, rule.exceptions)));
      const condition = this.#compile(parsed, undefined, []);
      const output = this.#output(rule);
      return rule.enabled ? { rule: this.#built(rule, condition, output), fileNumber: rule.fileNumber } : undefined;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (rule.skipIfUnknownFilter && error.code === 'E_RULE_FIELD')
        return notice(`"${rule.name}" is left out: ${error.message}`);
      if (!this.faults.some((known) => known === error || isSamePlace(known, error))) this.faults.push(error);
      return undefined;
    }
  }

  #built(rule: FalcoRule, condition: Condition, output: OutputTemplate): Rule {
    const named = atomsOf(condition).flatMap(({ sources }) => sources.map(({ field }) => this.#table.specs[field]?.name ?? ''));
    return {
      info: {
        id: this.#idOf(rule.name),
        name: rule.name,
        severity: severityOf[rule.priority as Priority],
        author: rule.author,
        licence: rule.licence,
        tags: rule.tags,
        covers: [],
      },
      alias: rule.name,
      description: rule.description,
      falsePositives: [],
      references: [],
      profiles: [],
      location: rule.location,
      condition,
      fields: [...new Set(named)].filter((name) => name.includes('.') || /^[a-zA-Z]+$/.test(name)),
      tests: [],
      output: (maskedEvent) => ({ ...output.render(maskedEvent), priority: rule.priority }),
    };
  }
}

/** A macro's fault shows once, however many rules use the macro. */
function isSamePlace(one: Fault, other: Fault): boolean {
  const [a, b] = [one.location, other.location];
  return one.message === other.message && a?.file === b?.file && a?.line === b?.line && a?.column === b?.column;
}

/**
 * Compiles everything a collection holds; its fields go into the table. `upstream`: fields and comparisons as Falco and
 * its plugins do them, mistakes included.
 */
export function compileRules(
  collection: RuleCollection,
  table: FieldTable,
  upstream: boolean,
): { readonly rules: readonly CompiledRule[]; readonly faults: readonly Fault[]; readonly notices: readonly RuleNotice[] } {
  const compiler = new RuleCompiler(collection, table, upstream);
  compiler.checkMacros();
  const rules = collection.rules.flatMap((rule) => compiler.rule(rule) ?? []);
  compiler.noticeLeftOut();
  return { rules, faults: compiler.faults, notices: compiler.notices };
}
