import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findPlanted, prepareNeedles } from '../../src/demo/find-planted.ts';
import { planted } from './attack.ts';

/** Every file below folders that holds something of what the attack planted, in any encoding. */
export function filesHoldingPlanted(folders: readonly string[]): readonly string[] {
  const needles = prepareNeedles(planted.map((value) => ({ kind: 'password', value, where: 'attack' })));
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => findPlanted(needles, readFileSync(file)).length > 0);
}
