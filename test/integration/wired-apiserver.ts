import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { distros } from '../../src/wiring/distros.ts';
import { apiserverFlags } from '../../src/wiring/wiring-steps.ts';
import { RealApiserver, type ServerPorts } from './real-apiserver.ts';

/** A kube-apiserver with both audit backends, wired by what `init` wrote into a folder and the flags as they are printed. */
export function wiredApiserver(folder: string, ports: ServerPorts, written: string, auditLog: string): RealApiserver {
  mkdirSync(path.dirname(auditLog), { mode: 0o700, recursive: true });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' });
  writeFileSync(path.join(folder, 'service-account.key'), key, { mode: 0o600 });
  const distro = { ...distros.generic, directory: written, auditLog };
  const flags = (['webhook', 'file'] as const).flatMap((kind) => apiserverFlags({ kind, distro, out: written }));
  const once = new Map(flags.map(({ name, value }) => [name, `--${name}=${value}`]));
  return new RealApiserver(folder, ports, [...once.values()]);
}
