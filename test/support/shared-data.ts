import fs from 'node:fs';
import type { Context } from 'mocha';

/** Test data beside the project, by path from the project's root. Skips the test where it is absent, loudly; in CI it must be there. */
export function sharedData(test: Context, path: string): string {
  const full = `../shared/${path}`;
  if (!fs.existsSync(full)) {
    if (process.env['CI'] === 'true') throw new Error(`test data is missing: ${path}`);
    process.stderr.write(`      skipped: no ${path}\n`);
    test.skip();
  }
  return full;
}
