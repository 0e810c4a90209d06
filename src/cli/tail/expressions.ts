import { Fault } from '../../core/faults.ts';
import { compilePattern, type Pattern } from '../../scan/pattern.ts';

/** Compiles expressions of an option; linear time, whatever they are. @throws Fault E_USAGE_EXPRESSION */
export function compileExpressions(option: string, sources: readonly string[] = []): readonly Pattern[] {
  return sources.map((source) => {
    try {
      return compilePattern(source);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      throw new Fault(`${option}: ${cause.message}`, {
        code: 'E_USAGE_EXPRESSION',
        ...(cause.remedy !== undefined && { remedy: cause.remedy }),
        cause,
      });
    }
  });
}
