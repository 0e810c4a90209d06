import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createGrowingLog } from './growing-log.ts';
import type { MakeKillLoad } from './kill-load.ts';

/** A log file that grows and is rotated by renaming. */
export const makeFileLoad: MakeKillLoad = async ({ directory, data }, options) => {
  const logs = path.join(directory, 'logs');
  mkdirSync(logs);
  const log = createGrowingLog({ ...options, directory: logs, rotationsPerSecond: 1 });
  return {
    args: [log.file, '--data-dir', data],
    owed: log.written,
    known: log.written,
    removed: log.removed,
    start: () => log.start(),
    settle: () => log.beginRotation(),
    stop: async () => log.stop(),
    story: () => `${log.rotations} rotations, ${log.written.size} events written`,
  };
};
