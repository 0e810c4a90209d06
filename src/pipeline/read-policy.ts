import { readFile } from 'node:fs/promises';
import { unreadableFile } from '../core/faults.ts';
import { type PolicyFile, type PolicyId, policyIds } from '../masking/policy.ts';

/**
 * A policy by what a flag or option says: one of the built-in names, else the path of a policy file.
 * @throws Fault E_FILE_READ; Faults with line and column where the file is wrong
 */
export async function readPolicy(choice: string): Promise<PolicyId | PolicyFile> {
  if (isPolicyId(choice)) return choice;
  const text = await readFile(choice, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(choice, cause);
  });
  const { loadPolicy } = await import('../masking/policy-file.ts');
  return loadPolicy({ file: choice, text });
}

export function isPolicyId(choice: string): choice is PolicyId {
  return (policyIds as readonly string[]).includes(choice);
}
