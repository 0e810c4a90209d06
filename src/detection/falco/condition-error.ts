/** Something wrong in a condition, at a place in its text (0-based, after lists have been put in). */
export class ConditionError extends Error {
  readonly at: number;
  readonly code: string;
  readonly remedy: string | undefined;

  constructor(message: string, at: number, details: { readonly code?: string; readonly remedy?: string } = {}) {
    super(message);
    this.name = 'ConditionError';
    this.at = at;
    this.code = details.code ?? 'E_RULE_CONDITION';
    this.remedy = details.remedy;
  }
}
