import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { SeededRandom } from '../../src/demo/random.ts';

/** An audit log that another process writes: grows in bursts, is written in pieces, and is rotated by renaming. */
export interface GrowingLog {
  readonly file: string;
  /** auditID of every event whose line is complete. */
  readonly written: ReadonlySet<string>;
  readonly rotations: number;
  start(): void;
  /** Rotates from now on. Before its first position an agent cannot know of files that were renamed earlier. */
  beginRotation(): void;
  /** Finishes the last line. */
  stop(): void;
}

export interface GrowingLogOptions {
  readonly directory: string;
  readonly random: SeededRandom;
  /** Chance that a tick rotates the file. */
  readonly rotationChance: number;
}

const tickMs = 5;

function numberedEvent(number: number, auditID: string): string {
  const at = new Date(1_772_442_000_000 + number).toISOString().replace('Z', '000Z');
  const name = `settings-${number}`;
  return `${JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Request',
    auditID,
    stage: 'ResponseComplete',
    requestURI: `/api/v1/namespaces/shop/configmaps/${name}`,
    verb: 'update',
    user: { username: 'system:serviceaccount:shop:checkout', groups: ['system:serviceaccounts', 'system:authenticated'] },
    sourceIPs: ['10.244.1.7'],
    userAgent: 'checkout/v2.4.1',
    objectRef: { resource: 'configmaps', namespace: 'shop', name, apiVersion: 'v1' },
    responseStatus: { metadata: {}, code: 200 },
    requestObject: {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name },
      data: { 'app.yaml': `password: kept-out-${number}\n` },
    },
    requestReceivedTimestamp: at,
    stageTimestamp: at,
  })}\n`;
}

export function createGrowingLog(options: GrowingLogOptions): GrowingLog {
  const { directory, random, rotationChance } = options;
  const file = path.join(directory, 'audit.log');
  const written = new Set<string>();
  let handle = openSync(file, 'a');
  let number = 0;
  let rotations = 0;
  /** Rest of a line whose beginning is in the file already. */
  let pending: { readonly rest: string; readonly auditID: string } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let rotates = false;

  const finishLine = (): void => {
    if (!pending) return;
    writeSync(handle, pending.rest);
    written.add(pending.auditID);
    pending = undefined;
  };
  const tick = (): void => {
    finishLine();
    const lines: string[] = [];
    const ids: string[] = [];
    for (let left = random.between(0, 12); left > 0; left--) {
      const auditID = random.uuid();
      lines.push(numberedEvent(number++, auditID));
      ids.push(auditID);
    }
    writeSync(handle, lines.join(''));
    for (const auditID of ids) written.add(auditID);
    if (rotates && random.unit() < rotationChance) {
      closeSync(handle);
      renameSync(file, path.join(directory, `audit-${String(++rotations).padStart(4, '0')}.log`));
      handle = openSync(file, 'a');
    }
    if (random.unit() < 0.2) {
      const auditID = random.uuid();
      const line = numberedEvent(number++, auditID);
      const cut = random.between(1, line.length - 1);
      writeSync(handle, line.slice(0, cut));
      pending = { rest: line.slice(cut), auditID };
    }
  };
  return {
    file,
    written,
    get rotations() {
      return rotations;
    },
    start: () => {
      timer ??= setInterval(tick, tickMs);
    },
    beginRotation: () => {
      rotates = true;
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
      finishLine();
    },
  };
}
