import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * The sinks that store or send to servers other than HTTP ones, each against a real server that a variable of the environment names
 * (test/servers/ says which). With the name of a suite only that one: `storage-run.js postgresql`.
 */
process.env['INTEGRATION'] = 'true';
const folder = import.meta.dirname;
const only = process.argv[2];
const mocha = new Mocha({ timeout: 20_000, exit: true } as Mocha.MochaOptions);
for (const name of readdirSync(folder).filter((file) => file.endsWith('.test.js')))
  if (only === undefined || name === `${only}.test.js`) mocha.addFile(path.join(folder, name));
await mocha.loadFilesAsync();
mocha.run((failures) => process.exit(failures > 0 ? 1 : 0));
