import { type Document, visit } from 'yaml';
import { Fault, type Location } from '../core/faults.ts';

const reference = /\$\{env:([^}]*)\}/g;

/**
 * Replaces `${env:NAME}` in string values of a parsed document, in place. After parsing, so a variable's text can
 * never become YAML structure; in values only, never in keys.
 * @returns a fault for every variable that is not set or has no valid name
 */
export function expandEnv(
  document: Document,
  env: Readonly<Record<string, string | undefined>>,
  locate: (offset: number) => Location,
): Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${env:')) return;
      const location = locate(node.range?.[0] ?? 0);
      node.value = node.value.replace(reference, (_, variable: string) => {
        const value = env[variable];
        if (value === undefined) faults.push(missing(variable, location));
        return value ?? '';
      });
    },
  });
  return faults;
}

function missing(variable: string, location: Location): Fault {
  const valid = /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable);
  return new Fault(valid ? `the environment variable ${variable} is not set` : `\`${variable}\` is not a variable name`, {
    code: 'E_CONFIG_ENV',
    remedy: valid ? `Set ${variable}, or write the value here.` : `Write \`\${env:NAME}\`.`,
    location,
  });
}
