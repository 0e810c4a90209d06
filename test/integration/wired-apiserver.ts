import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { distros } from '../../src/wiring/distros.ts';
import { apiserverFlags } from '../../src/wiring/wiring-steps.ts';
import { RealApiserver, type ServerPorts } from './real-apiserver.ts';

/** A kube-apiserver with both audit backends, wired by what `init` wrote into a folder and the flags as they are printed. */
export function wiredApiserver(folder: string, ports: ServerPorts, written: string, auditLog: string): RealApiserver {
  mkdirSync(path.dirname(auditLog), { mode: 0o700, recursive: true });
  const distro = { ...distros.generic, directory: written, auditLog };
  const flags = (['webhook', 'file'] as const).flatMap((kind) => apiserverFlags({ kind, distro, out: written }));
  const once = new Map(flags.map(({ name, value }) => [name, `--${name}=${value}`]));
  return new RealApiserver(folder, ports, [...once.values()]);
}
