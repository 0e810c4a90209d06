import type { FieldSpec } from '../core/extracts.ts';

/**
 * The compiled plan: everything a scanner does, as data. Packs and rules compile to it (src/compile); a scanner only
 * interprets it and knows no kind. All numbers are indexes into the tables beside them.
 *
 * Paths run through an automaton over member names. Its alphabet: symbol 0 is "any other name", symbol n+1 is
 * `symbols[n]`. Arrays do not step: their elements have the state of the array. A document inside a string goes on
 * in the state of the string.
 */
export interface Plan {
  readonly version: 1;
  /** 32 hex digits over the rest of the plan. */
  readonly id: string;
  readonly symbols: readonly string[];
  readonly automaton: Automaton;
  readonly actions: readonly PlanAction[];
  readonly predicates: readonly PlanPredicate[];
  /** Masks of all members of an object: where they stand costs nothing in objects that do not fulfil the predicate. */
  readonly members: readonly PlanMembers[];
  readonly nameClasses: readonly PlanNameClass[];
  readonly maskRules: readonly PlanMaskRule[];
  readonly patterns: readonly PlanPattern[];
  readonly triggers: readonly PlanTrigger[];
  /** Byte classes that triggers use: 256 entries each, 1 where the byte belongs. */
  readonly classes: readonly Uint8Array[];
  readonly kinds: readonly string[];
  /** Fields that rules and the record head read. */
  readonly fields: readonly FieldSpec[];
  /** Rule ids and correlation ids by number. */
  readonly rules: readonly string[];
  readonly correlations: readonly string[];
  /** What strings may hold that is read with the same rules, and the rule by which it is masked whole where it cannot be. */
  readonly documents: readonly PlanDocument[];
  readonly commands: readonly PlanCommandRule[];
  /** By symbol - 1: the name classes that it belongs to (bit n = class n). Drawn from the tables above, as is `index`. */
  readonly symbolClasses: Uint32Array;
  readonly index: PlanTriggerIndex;
}

export interface Automaton {
  readonly states: number;
  /** Symbols including 0. Row length of `transitions`. */
  readonly symbols: number;
  readonly transitions: Uint16Array;
  /** By state: its row in `transitions`. Most states share theirs with others. */
  readonly rowOf: Uint16Array;
  /** State of the value that starts an input document. */
  readonly start: number;
  /** Actions of state s: `actionList[actionOffsets[s] … actionOffsets[s + 1])`, indexes into `Plan.actions`. */
  readonly actionOffsets: Uint32Array;
  readonly actionList: Uint16Array;
  /** 1 where an object in this state is an audit event: conditions on the event refer to it. */
  readonly eventRoots: Uint8Array;
  /** Name classes (bit n = class n) whose members are masked in objects of this state. */
  readonly nameBits: Uint32Array;
}

/** Predicates that must be fulfilled (or, `absent`, must not be) on the object and on the audit event around it. */
export interface PlanConditions {
  readonly local: readonly number[];
  readonly absent: readonly number[];
  readonly event: readonly number[];
  readonly eventAbsent: readonly number[];
}

/** `text`: YAML, lines of assignments, XML, JSON that is cut off. `base64`: also hexadecimal digits, gzip, UTF-16, percent. */
export interface PlanDocument {
  readonly format: 'json' | 'text' | 'base64';
  readonly rule: number;
}

/** How command lines are read. */
export interface PlanCommandRule {
  readonly rule: number;
  readonly nameClass: number;
  /** Applies to every list of strings. */
  readonly anywhere: boolean;
  /** Lines of texts in which the pattern with `commandLineRule` has a hit are read by it. */
  readonly lines: boolean;
  readonly programs: readonly PlanProgram[];
}

/** Flags and words of a program that take a secret: the value comes after them in the same word, or `skip` words on. */
export interface PlanProgram {
  /** Expression for the program's name without its path. */
  readonly program: string;
  readonly flags: string;
  /** Only what follows this text in the value is secret: `user:password`. */
  readonly after: string | undefined;
  readonly skip: number;
}

/** Depths are member names between the object that conditions refer to and the value itself. */
export type PlanAction =
  | {
      readonly type: 'mask';
      readonly rule: number;
      readonly depth: number;
      readonly conditions: PlanConditions;
      /** Only a text that is no document of any kind. */
      readonly opaque: boolean;
    }
  | { readonly type: 'spare'; readonly rule: number }
  | { readonly type: 'test'; readonly predicate: number; readonly depth: number }
  /** A text that is a command line, or a list of its words. */
  | { readonly type: 'arguments'; readonly command: number }
  | {
      readonly type: 'uri';
      readonly rule: number;
      readonly nameClass: number;
      /** Parameter that, repeated, is a command line, and the rule for it. */
      readonly parameter: string | undefined;
      readonly command: number | undefined;
    }
  | { readonly type: 'keep'; readonly only: string | undefined }
  /** Nothing below this value is masked, by no rule. */
  | { readonly type: 'release' }
  | { readonly type: 'extract'; readonly field: number };

/** A test of one member's string value, or of whether there is such a member; its number is its bit in the object that it is a condition of. */
export type PlanPredicate =
  | { readonly type: 'literals'; readonly values: readonly string[] }
  | { readonly type: 'names'; readonly nameClass: number }
  | { readonly type: 'matches'; readonly expression: string }
  | { readonly type: 'present' };

/** Masks the leaves of an object that fulfils the predicate and the other conditions, whatever its members are called. */
export interface PlanMembers {
  /** The first of `conditions.local`. */
  readonly predicate: number;
  readonly rule: number;
  readonly conditions: PlanConditions;
  /** Strings at these paths stay: from the object, or from any object in it too. */
  readonly except: readonly (readonly string[])[];
  readonly anywhere: boolean;
}

export interface PlanNameClass {
  readonly expression: string;
  readonly unless: string | undefined;
  /** Mask rules of members of the class (operation `names`), by the states' `nameBits`. */
  readonly rule: number | undefined;
  /** Only scalars and elements of lists are masked, not objects. */
  readonly scalars: boolean;
}

export interface PlanMaskRule {
  readonly id: string;
  readonly kind: number;
  readonly action: PlanMaskAction;
  /** Characters of each text that `truncate` leaves. */
  readonly characters?: number;
  readonly pseudonym: 'token' | 'address' | 'network';
  readonly unless: string | undefined;
  readonly encode: 'base64' | undefined;
}

export interface PlanPattern {
  readonly expression: string;
  /** Group that is masked: 0 is the whole match, `firstGroup` the first one that holds text. */
  readonly group: number;
  readonly rule: number;
  readonly validate: readonly string[];
  /** Byte class that no match contains: a match lies between two such bytes. Undefined where there is none. */
  readonly separators: number | undefined;
  /** What a match must also be; such a pattern looks at whole values. */
  readonly check?: PlanMatchCheck;
}

/** Conditions on a match, on the line it stands in and on the text around it. All texts are decoded. */
export interface PlanMatchCheck {
  /** In lower case; the text must hold one of them in any case. Empty: nothing is asked. */
  readonly keywords: readonly string[];
  /** The secret must have more bits per character (Shannon) than this. */
  readonly entropyBits: number | undefined;
  /** A match that one of these allows stays. */
  readonly allow: readonly PlanAllowance[];
  /** Every one of these must be found near the match. */
  readonly companions: readonly PlanCompanion[];
}

export interface PlanAllowance {
  readonly target: 'secret' | 'match' | 'line';
  readonly expressions: readonly string[];
  /** In lower case; looked for in the secret. */
  readonly stopwords: readonly string[];
  /** An expression and a stopword are needed, not one of the two. */
  readonly all: boolean;
}

/** Another expression with a match in the same text, no further away than this. */
export interface PlanCompanion {
  readonly expression: string;
  readonly group: number;
  readonly check: PlanMatchCheck;
  readonly withinLines: number | undefined;
  readonly withinColumns: number | undefined;
}

/** A sequence that every match of its patterns contains. Found by a pair of adjacent bytes, then checked around it. */
export interface PlanTrigger {
  readonly patterns: readonly number[];
  readonly steps: readonly TriggerStep[];
  /** Index of the step that is the first byte of the pair looked for. Steps up to it have min = max = 1. */
  readonly anchor: number;
  /** Byte class of the second byte of the pair; undefined where the sequence is that one byte. */
  readonly next: number | undefined;
  /** The sequence stands at the start of the value. */
  readonly atStart: boolean;
}

/** The triggers laid out by the pair of bytes that they are found by. */
export interface PlanTriggerIndex {
  /** Bucket of each pair (first byte * 256 + second); bucket 0 is empty. */
  readonly pairs: Uint16Array;
  /** Numbers of the triggers in each bucket. */
  readonly buckets: readonly (readonly number[])[];
  /**
   * Rows of 256 bytes: bit n % 8 where that byte may stand beside the pair of a bucket's n-th trigger. By bucket and place of
   * `aroundPlaces`: the number of its row.
   */
  readonly rows: Uint8Array;
  readonly rowsOf: Uint16Array;
  /** The buckets' triggers as the kernel reads them (src/scan/simd/assembly/kernel.ts), and where in them each bucket begins. */
  readonly packed: Uint8Array;
  readonly offsets: Uint32Array;
}

/** Where bytes are looked at before a trigger is tried: right before its pair, and the first ones after it. */
export const aroundPlaces = [-1, 1, 2, 3, 4] as const;

/** `min` to `max` bytes of a class, taken greedily and never given back. */
export interface TriggerStep {
  readonly class: number;
  readonly min: number;
  readonly max: number;
}

/** The mask action numbers that records carry. */
export const maskActions = ['redact', 'pseudonymise', 'keep-last-4', 'truncate', 'drop'] as const;
export type PlanMaskAction = (typeof maskActions)[number];

/** Fields the record head needs; they follow the rules' fields. */
export const headFields = [
  'stageTimestamp',
  'requestReceivedTimestamp',
  'verb',
  'auditID',
  'annotations."audit.k8s.io/truncated"',
] as const;
