import type { Finding, FindingFormat } from '../core/finding.ts';

/** Writes findings in a format, with the name and version of this program. Loaded when used: starting depends on it. */
export async function findingFormatter(format: FindingFormat): Promise<(finding: Finding) => string> {
  const [{ createFormatter }, { packageVersion }] = await Promise.all([
    import('../findings/create-formatter.ts'),
    import('../pipeline/load-files.ts'),
  ]);
  return createFormatter(format, { name: 'Auditveil', version: await packageVersion() });
}
