import type { FieldSpec } from '../core/extracts.ts';
import { Fault } from '../core/faults.ts';
import type {
  Condition,
  DocumentOperation,
  KeepOperation,
  MaskOperation,
  MaskRule,
  NameClass,
  Pack,
  ReleaseOperation,
} from '../masking/pack.ts';
import { commandLineRule, forgedMaskRule, percentRule } from '../scan/noted-rules.ts';
import {
  headFields,
  type Plan,
  type PlanAction,
  type PlanCommandRule,
  type PlanDocument,
  type PlanMaskRule,
  type PlanMembers,
  type PlanNameClass,
  type PlanPattern,
  type PlanPredicate,
  type PlanTrigger,
} from '../scan/plan.ts';
import { alphabetOf, compileAutomaton, type PathEntry } from './automaton.ts';
import { canonical } from './canonical.ts';
import { isAbsence, isExclusion } from './condition-kinds.ts';
import { type DerivedTables, deriveTables } from './derived-tables.ts';
import { type MemberPath, parseAnchor, splitPath } from './member-path.ts';
import { deriveTriggers, readTriggers, separatorsOf, type TriggerShape, triggerOf } from './triggers.ts';

export interface PlanInput {
  /** Packs whose rules are in force: what a policy has switched off is not among them. */
  readonly packs: readonly Pack[];
  /** Fields that detection rules read, in the matcher's order. */
  readonly fields: readonly FieldSpec[];
  readonly rules: readonly string[];
  readonly correlations: readonly string[];
  /** 32 hex digits over a text; the plan's id is made with it. */
  readonly digest: (text: string) => string;
}

/** Operations that mask something: the others only steer them. */
type MaskingOperation = Exclude<MaskOperation, DocumentOperation | KeepOperation | ReleaseOperation>;

const maxNameClasses = 31;
/** Text that looks like one of our masks: noted, not changed (DESIGN section 6). */
const forgedMask = String.raw`\[MASKED:[a-z0-9-]{1,40}(?::[a-z0-9]{1,16}:[0-9a-f]{16})?\]`;

/** Percent-encoded text (RFC 3986 section 2.1). */
const percentEncoded = '%[0-7][0-9A-Fa-f]';

/** Compiles packs and the fields of detection rules to a plan. @throws Fault with the pack's file and line */
export function compilePlan(input: PlanInput): Plan {
  const builder = new PlanBuilder();
  for (const pack of input.packs) builder.addPack(pack);
  const fields = [...input.fields, ...headFields.map((path) => ({ name: path, paths: [splitPath(path)] }))];
  fields.forEach((field, i) => builder.addField(field, i));
  builder.addPattern({ expression: forgedMask, group: 0, rule: forgedMaskRule, validate: [] }, undefined);
  if (builder.readsEncodings)
    builder.addPattern({ expression: percentEncoded, group: 0, rule: percentRule, validate: [] }, undefined);
  const plan = { ...builder.tables(), fields, rules: input.rules, correlations: input.correlations };
  return { version: 1, id: input.digest(canonical(plan)), ...plan, ...deriveTables(plan) };
}

class PlanBuilder {
  readonly #entries: PathEntry[] = [];
  readonly #actions: PlanAction[] = [];
  readonly #predicates: PlanPredicate[] = [];
  readonly #members: PlanMembers[] = [];
  readonly #nameClasses: PlanNameClass[] = [];
  readonly #classNumbers = new Map<string, number>();
  readonly #maskRules: PlanMaskRule[] = [];
  readonly #patterns: PlanPattern[] = [];
  readonly #triggers = new Map<string, PlanTrigger>();
  readonly #classes = new Map<string, { number: number; bytes: Uint8Array }>();
  readonly #kinds: string[] = [];
  readonly #documents: PlanDocument[] = [];
  readonly #commands: PlanCommandRule[] = [];

  addPack(pack: Pack): void {
    for (const rule of pack.rules) {
      try {
        this.#addRule(pack, rule);
      } catch (error) {
        if (!(error instanceof Fault) || error.location) throw error;
        const { code, remedy } = error;
        const location = { file: pack.file, line: rule.line, column: 1 };
        throw new Fault(`rule ${rule.id}: ${error.message}`, { code, location, ...(remedy === undefined ? {} : { remedy }) });
      }
    }
  }

  addField(field: FieldSpec, number: number): void {
    for (const names of field.paths) this.#addAction({ from: 'event', names }, { type: 'extract', field: number });
  }

  get readsEncodings(): boolean {
    return this.#documents.some((one) => one.format === 'base64');
  }

  addPattern(pattern: Omit<PlanPattern, 'separators'>, trigger: string | undefined): void {
    const shapes = trigger === undefined ? deriveTriggers(pattern.expression) : readTriggers(trigger);
    // Without a trigger nothing says where to look, and a check asks about the text around: the whole value is searched.
    const separators = pattern.check === undefined && shapes ? separatorsOf(pattern.expression) : undefined;
    const number = this.#patterns.push({ ...pattern, separators: separators && this.#byteClass(separators) }) - 1;
    for (const shape of shapes ?? []) {
      this.#addTrigger(shape, number);
    }
  }

  /** Patterns with the same sequence share one trigger. */
  #addTrigger({ steps, anchor, next, atStart }: TriggerShape, pattern: number): void {
    const trigger = {
      steps: steps.map((step) => ({ class: this.#byteClass(step.bytes), min: step.min, max: step.max })),
      anchor,
      next: next && this.#byteClass(next),
      atStart,
    };
    const key = JSON.stringify(trigger);
    const patterns = this.#triggers.get(key)?.patterns ?? [];
    this.#triggers.set(key, { ...trigger, patterns: [...patterns, pattern] });
  }

  tables(): Omit<Plan, 'version' | 'id' | 'fields' | 'rules' | 'correlations' | keyof DerivedTables> {
    const symbols = alphabetOf(this.#entries);
    return {
      symbols,
      automaton: compileAutomaton(this.#entries, symbols),
      actions: this.#actions,
      predicates: this.#predicates,
      members: this.#members,
      nameClasses: this.#nameClasses,
      maskRules: this.#maskRules,
      patterns: this.#patterns,
      triggers: [...this.#triggers.values()],
      classes: [...this.#classes.values()].map((one) => one.bytes),
      kinds: this.#kinds,
      documents: this.#documents,
      commands: this.#commands,
    };
  }

  #addRule(pack: Pack, rule: MaskRule): void {
    const { operation } = rule;
    switch (operation.type) {
      case 'document':
        this.#documents.push({ format: operation.format, rule: this.#maskRule(rule, undefined) });
        return;
      case 'keep':
        this.#addMembers(operation.in, operation.members, () => ({ type: 'keep', only: operation.only }));
        return;
      case 'release':
        this.#addMembers(operation.in, operation.members, () => ({ type: 'release' }));
        return;
      default:
        if (rule.action !== 'keep') this.#addMasking(pack, { ...rule, operation });
    }
  }

  #addMasking(pack: Pack, rule: MaskRule & { readonly operation: MaskingOperation }): void {
    const { operation } = rule;
    switch (operation.type) {
      case 'structure': {
        const number = this.#maskRule(rule, operation.unless, operation.encode);
        const anchor = parseAnchor(operation.in);
        const opaque = operation.opaque === true;
        const [local, absent] = this.#conditions(pack, anchor, operation.when);
        const [event, eventAbsent] = this.#conditions(pack, { from: 'event', names: [] }, operation.event);
        const conditions = { local, absent, event, eventAbsent };
        const predicate = local[0];
        const whole = predicate !== undefined && !opaque && operation.mask.includes('*');
        const except = operation.except ?? [];
        if (whole) {
          const members = { except: except.map(splitPath), anywhere: operation.in === '**' };
          this.#members.push({ predicate, rule: number, conditions, ...members });
        }
        const mask = whole ? operation.mask.filter((path) => path !== '*') : operation.mask;
        // Said for every such string, whatever it is a member of: only where the place alone has it masked.
        if (mask.length > 0) this.#addMembers(operation.in, except, () => ({ type: 'spare', rule: number }));
        this.#addMembers(operation.in, mask, (depth) => ({ type: 'mask', rule: number, depth, conditions, opaque }));
        return;
      }
      case 'names': {
        const bit = this.#nameClass(pack, operation.class, this.#maskRule(rule, operation.unless), operation.scalars);
        this.#entries.push({ path: parseAnchor(operation.in), effect: { type: 'names', bit } });
        return;
      }
      case 'arguments': {
        const number = this.#maskRule(rule, operation.unless);
        const nameClass = this.#nameClass(pack, operation.class);
        const paths = operation.in.filter((path) => path !== '**');
        const anywhere = paths.length < operation.in.length;
        const programs = (operation.programs ?? []).map((one) => ({ ...one, after: one.after, skip: one.skip ?? 0 }));
        const { lines } = operation;
        const command = this.#commands.push({ rule: number, nameClass, anywhere, lines: lines !== undefined, programs }) - 1;
        if (lines !== undefined) this.addPattern({ expression: lines, group: 0, rule: commandLineRule, validate: [] }, lines);
        for (const path of paths) this.#addAction(parseAnchor(path), { type: 'arguments', command });
        return;
      }
      case 'uri': {
        const number = this.#maskRule(rule, operation.unless);
        const nameClass = this.#nameClass(pack, operation.class);
        const { command: parameter } = operation;
        const command =
          parameter === undefined
            ? undefined
            : this.#commands.push({ rule: number, nameClass, anywhere: false, lines: false, programs: [] }) - 1;
        for (const path of operation.in)
          this.#addAction(parseAnchor(path), { type: 'uri', rule: number, nameClass, parameter, command });
        return;
      }
      case 'pattern': {
        const { expression, group, validate, unless, check } = operation;
        const number = this.#maskRule(rule, unless);
        this.addPattern({ expression, group, rule: number, validate, ...(check && { check }) }, triggerOf(operation));
      }
    }
  }

  #addMembers(anchor: string, members: readonly string[], action: (depth: number) => PlanAction): void {
    const base = parseAnchor(anchor);
    for (const member of members) {
      const names = splitPath(member);
      this.#addAction({ from: base.from, names: [...base.names, ...names] }, action(names.length));
    }
  }

  #addAction(path: MemberPath, action: PlanAction): void {
    if (path.names.length > 60) throw new Fault('a path of more than 60 names', { code: 'E_PATH_LENGTH' });
    this.#entries.push({ path, effect: { type: 'action', action: this.#actions.push(action) - 1 } });
  }

  /** Predicates that must hold, and those that must not. */
  #conditions(pack: Pack, anchor: MemberPath, conditions: Readonly<Record<string, Condition>>): [number[], number[]] {
    const [present, absent]: [number[], number[]] = [[], []];
    for (const [member, condition] of Object.entries(conditions)) {
      const names = splitPath(member);
      const predicate = this.#predicates.push(this.#predicate(pack, condition)) - 1;
      this.#addAction(
        { from: anchor.from, names: [...anchor.names, ...names] },
        { type: 'test', predicate, depth: names.length },
      );
      (isAbsence(condition) || isExclusion(condition) ? absent : present).push(predicate);
    }
    return [present, absent];
  }

  #predicate(pack: Pack, condition: Condition): PlanPredicate {
    if (typeof condition === 'string') return { type: 'literals', values: [condition] };
    if ('names' in condition) return { type: 'names', nameClass: this.#nameClass(pack, condition.names) };
    if (isAbsence(condition)) return { type: 'present' };
    if (isExclusion(condition)) return { type: 'literals', values: condition.not };
    if ('matches' in condition) return { type: 'matches', expression: condition.matches };
    return { type: 'literals', values: condition };
  }

  /** A class per use as a `names` rule, because its bit stands for the rule too; shared otherwise. */
  #nameClass(pack: Pack, name: string, rule?: number, scalars = false): number {
    const known = rule === undefined ? this.#classNumbers.get(`${pack.id} ${name}`) : undefined;
    if (known !== undefined) return known;
    const definition: NameClass | undefined = pack.names[name];
    if (!definition) {
      throw new Fault(`no name class ${JSON.stringify(name)}`, {
        code: 'E_PACK_NAMES',
        remedy: `Define it under names: in ${pack.file}.`,
      });
    }
    if (this.#nameClasses.length === maxNameClasses) {
      throw new Fault(`more than ${maxNameClasses} name classes`, {
        code: 'E_PLAN_NAMES',
        remedy: 'Let rules share name classes.',
      });
    }
    const number = this.#nameClasses.push({ expression: definition.expression, unless: definition.unless, rule, scalars }) - 1;
    if (rule === undefined) this.#classNumbers.set(`${pack.id} ${name}`, number);
    return number;
  }

  #maskRule(rule: MaskRule, unless: string | undefined, encode?: 'base64'): number {
    let kind = this.#kinds.indexOf(rule.kind);
    if (kind < 0) kind = this.#kinds.push(rule.kind) - 1;
    const { id, pseudonym, characters } = rule;
    const action = rule.action === 'keep' ? 'redact' : rule.action;
    const size = characters === undefined ? {} : { characters };
    return this.#maskRules.push({ id, kind, action, pseudonym, unless, encode, ...size }) - 1;
  }

  #byteClass(bytes: Uint8Array): number {
    const key = Buffer.from(bytes).toString('latin1');
    const known = this.#classes.get(key);
    if (known) return known.number;
    const number = this.#classes.size;
    this.#classes.set(key, { number, bytes });
    return number;
  }
}
