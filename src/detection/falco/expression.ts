import type { ListModifier, Operator } from './text-operators.ts';

/** `at`: place in the condition's text, 0-based. */
export type Operand =
  | { readonly type: 'field'; readonly name: string; readonly argument: string | undefined; readonly at: number }
  | {
      readonly type: 'call';
      readonly name: string;
      readonly items: readonly Operand[];
      /** `getopt(…)[x]` */
      readonly selector: string | undefined;
      readonly at: number;
    }
  | { readonly type: 'text'; readonly text: string; readonly at: number }
  | { readonly type: 'list'; readonly items: readonly Operand[]; readonly at: number };

/** One comparison. `right` is absent for `exists`. */
export interface Check {
  readonly type: 'check';
  readonly left: Operand;
  readonly operator: Operator;
  readonly modifier: ListModifier | undefined;
  readonly right: Operand | undefined;
  readonly at: number;
}

/** A condition as written: macros are still names. */
export type Expression =
  | Check
  | { readonly type: 'macro'; readonly name: string; readonly at: number }
  | { readonly type: 'not'; readonly item: Expression }
  | { readonly type: 'and' | 'or'; readonly items: readonly Expression[] };
