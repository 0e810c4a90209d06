import type { PlanMatchCheck } from '../scan/plan.ts';

/**
 * What a mask pack says, after loading. A pack is a YAML file in `masks/`; the loader (load-pack.ts) checks it.
 *
 * Paths: member names joined with dots, from the object that `in` names. `*` is any name, a name with dots stands in
 * double quotes. Arrays are transparent: `env.value` is the member `value` of every element of `env`.
 * `in`: `event` (the audit event), `**` (any object at any depth, also in documents inside strings),
 * `event.<path>` or `**.<path>` (objects found there).
 */
export interface Pack {
  readonly id: string;
  readonly summary: string;
  readonly file: string;
  /** Classes of member names, for example names that announce a secret. */
  readonly names: Readonly<Record<string, NameClass>>;
  readonly rules: readonly MaskRule[];
  readonly examples: readonly PackExample[];
}

/** A name belongs to the class when `expression` finds a match in it and `unless` does not. RE2 syntax. */
export interface NameClass {
  readonly expression: string;
  readonly unless?: string;
}

export type MaskAction = 'redact' | 'pseudonymise' | 'keep-last-4' | 'truncate' | 'drop' | 'keep';
/** A token in brackets, an address of the same family that keeps common prefixes, or the address of its network (/24, /48). */
export type PseudonymForm = 'token' | 'address' | 'network';
export type MaskCategory = 'secret' | 'personal' | 'network';

export interface MaskRule {
  readonly id: string;
  /** Kebab-case; stands in the mask: `[MASKED:<kind>]`. */
  readonly kind: string;
  readonly category: MaskCategory;
  readonly about: string;
  readonly action: MaskAction;
  /** Pseudonym form: a token in brackets, or an address of the same family. */
  readonly pseudonym: PseudonymForm;
  /** Characters of each text that `truncate` leaves. */
  readonly characters?: number;
  /** Off until a policy or `--enable` names the kind. */
  readonly enabled: boolean;
  readonly operation: MaskOperation;
  readonly line: number;
}

/**
 * A literal, one of several, a name of the class, or a text in which the expression finds a match; compared with the
 * decoded string. `absent`: the object has no such member.
 * `not`: the member is none of these, or not there.
 */
export type Condition =
  | string
  | readonly string[]
  | { readonly names: string }
  | { readonly matches: string }
  | { readonly absent: true }
  | { readonly not: readonly string[] };

export type MaskOperation =
  | StructureOperation
  | NamesOperation
  | ArgumentsOperation
  | UriOperation
  | DocumentOperation
  | PatternOperation
  | KeepOperation
  | ReleaseOperation;

/** Values at paths of an object, where conditions on members of that object and of the event hold (member order is free). Masks every leaf below. */
export interface StructureOperation {
  readonly type: 'structure';
  readonly in: string;
  readonly when: Readonly<Record<string, Condition>>;
  /** Conditions on the event itself, for objects deeper in it. */
  readonly event: Readonly<Record<string, Condition>>;
  readonly mask: readonly string[];
  /** Values below `mask` that stay: paths from the same object as `mask`. */
  readonly except?: readonly string[];
  /** A value in which this expression finds a match stays. */
  readonly unless?: string;
  /** Only texts that are no document of any kind: what cannot be read must not pass. */
  readonly opaque?: true;
  /** The consumer decodes base64: the mask is written as base64 of its text. */
  readonly encode?: 'base64';
}

/** Members whose name is of a class, wherever `in` says. Masks every leaf below. */
export interface NamesOperation {
  readonly type: 'names';
  readonly in: string;
  readonly class: string;
  /** Only where the value is a scalar or a list of scalars: an object under such a name is a reference or a schema. */
  readonly scalars?: true;
  readonly unless?: string;
}

/**
 * Command lines, as lists of words or as text: `--flag=value`, `--flag value`, `NAME=value` where the name is of the
 * class, shell lines within words, and the flags of known programs. `in`: paths; `**` stands for every list of strings.
 */
export interface ArgumentsOperation {
  readonly type: 'arguments';
  readonly in: readonly string[];
  readonly class: string;
  readonly programs?: readonly ProgramFlags[];
  /** A trigger: lines of texts in which it fires are command lines, too. */
  readonly lines?: string;
  readonly unless?: string;
}

/**
 * Flags and words of programs (by name, without the path) whose value is secret: what follows them in the same word, or the next one;
 * `after` a text, only what follows it; `skip` words stand between.
 */
export interface ProgramFlags {
  readonly program: string;
  readonly flags: string;
  readonly after?: string;
  readonly skip?: number;
}

/** A URI: values of query parameters whose name is of the class; `command` names the parameter that, repeated, is a command line. */
export interface UriOperation {
  readonly type: 'uri';
  readonly in: readonly string[];
  readonly class: string;
  readonly command?: string;
  readonly unless?: string;
}

/** Strings that hold a document of this format are scanned with the same rules and written back the same way. */
export interface DocumentOperation {
  readonly type: 'document';
  readonly format: 'json' | 'text' | 'base64';
}

/** Text found by an expression in any decoded string value. */
export interface PatternOperation {
  readonly type: 'pattern';
  readonly expression: string;
  /** Group that is masked; 0 is the whole match, -1 the first group that holds text. */
  readonly group: number;
  /** Where the expression is worth trying: derived from it where not given. A sequence of literals, classes and {m,n} that every match contains. */
  readonly trigger?: string;
  /** Names of validators (validators.ts) that the masked text must pass, all of them. */
  readonly validate: readonly string[];
  /** Masked text in which this expression finds a match stays. */
  readonly unless?: string;
  /** What a match must also be; such a pattern looks at whole values. Made by the import of gitleaks files. */
  readonly check?: PlanMatchCheck;
}

/** Values at these paths are not searched by patterns, as long as `only` finds a match in them: they are known not to be secret, and detectors need them. */
export interface KeepOperation {
  readonly type: 'keep';
  readonly in: string;
  readonly members: readonly string[];
  readonly only?: string;
}

/** Nothing at or below these paths is masked: what a policy says of its own paths. */
export interface ReleaseOperation {
  readonly type: 'release';
  readonly in: string;
  readonly members: readonly string[];
}

/** An example: an event, or a text that becomes the value of a ConfigMap key. */
export interface PackExample {
  readonly name: string;
  /** Rules it is about. Each rule has an example where it masks (`gone`; for `keep`: `stays`) and one where it does not. */
  readonly rules: readonly string[];
  readonly event?: unknown;
  readonly text?: string;
  /** Kinds to enable for it. */
  readonly enable: readonly string[];
  /** Must not appear in the output, in any encoding. */
  readonly gone: readonly string[];
  /** Must still appear. */
  readonly stays: readonly string[];
  /** Nothing may change. */
  readonly unchanged: boolean;
  readonly line: number;
}
