import { writeSync } from 'node:fs';
import { lineMasker, shippedPacks, standard } from '../masking/support/mask-lines.ts';
import { type Attempt, changedPlaces, harmlessAttempts, leftOf, lostOf, secretAttempts } from './red-team.ts';

/** Prints what the red team gets past the packs: `red-team-run.js [--seed N] [--all]`, the latter with every kind enabled. */
const at = process.argv.indexOf('--seed');
const seed = at < 0 ? 1 : Number(process.argv[at + 1]);
const options = process.argv.includes('--all') ? { ...standard, enable: ['all'] } : standard;
const mask = lineMasker(shippedPacks(), options);

function tell(title: string, attempts: readonly Attempt[], judge: (attempt: Attempt) => readonly string[]): void {
  let caught = 0;
  for (const attempt of attempts) {
    const found = judge(attempt);
    if (found.length === 0) caught++;
    else writeSync(1, `- ${attempt.name.trimEnd()}\n${found.map((text) => `    ${text}\n`).join('')}`);
  }
  writeSync(1, `== ${title}: ${caught} of ${attempts.length}\n`);
}

const secrets = secretAttempts(seed);
tell('nothing of the secrets left', secrets, (attempt) => leftOf(mask, attempt));
tell('what is no secret stays', secrets, (attempt) => lostOf(mask, attempt));
tell('harmless and unchanged', harmlessAttempts(seed), (attempt) => changedPlaces(mask, attempt));
