import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { recordLayout } from '../../src/core/record.ts';
import type { Inspector, MaskedTile } from '../../src/core/tile.ts';
import { formatKeyFile, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { openEngine } from '../../src/pipeline/open-engine.ts';
import { eachTile } from '../cases/tiles.ts';

export interface Masked {
  /** One for each line, in order. */
  readonly lines: readonly string[];
  /** CPU time, user and system, of all threads. */
  readonly seconds: number;
}

/** Masks lines, one event each. */
export interface Masker {
  readonly name: string;
  readonly version: string;
  mask(lines: readonly string[]): Masked;
}

/** This project with its shipped packs, all kinds on, in this process; time without loading and starting. */
export async function auditveilMasker(version: string): Promise<Masker> {
  const keyRing = parseKeyFile(formatKeyFile(new Uint8Array(32).fill(7), '2026-01-01T00:00:00Z', 'bench'), 'bench');
  const { inspector } = await openEngine({ policy: 'standard', enable: ['all'], keyRing });
  return { name: 'auditveil', version, mask: (lines) => inFile(lines, (file) => inspectFile(inspector, file)) };
}

function inspectFile(inspector: Inspector, file: string): Masked {
  const tiles: string[] = [];
  let seconds = 0;
  eachTile(file, (tile) => {
    const start = process.cpuUsage();
    const masked = inspector.inspect(tile);
    const { user, system } = process.cpuUsage(start);
    seconds += (user + system) / 1e6;
    tiles.push(...payloadsOf(masked));
  });
  return { lines: tiles, seconds };
}

function payloadsOf(tile: MaskedTile): readonly string[] {
  const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.length);
  return Array.from({ length: tile.count }, (_, i) => {
    const at = tile.offsets[i] ?? 0;
    const start = at + view.getUint32(at + recordLayout.headerBytes, true);
    return Buffer.from(tile.bytes.subarray(start, at + (tile.lengths[i] ?? 0))).toString();
  });
}

/** A finding as gitleaks reports it. */
interface GitleaksFinding {
  readonly StartLine: number;
  readonly EndLine: number;
  readonly Secret: string;
  readonly Match: string;
}

/** The binary that `test/servers/gitleaks.sh` got, or the one on the PATH. */
const gitleaks = process.env['GITLEAKS'] ?? 'gitleaks';

/**
 * gitleaks with its default rules and decoders, where it is on the PATH or named by GITLEAKS. It finds and does not mask: whatever it reports
 * is taken out of the line, wherever it stands there. Time of the whole process, start included.
 */
export function gitleaksMasker(): Masker | undefined {
  const version = versionOf();
  return version === undefined
    ? undefined
    : { name: 'gitleaks', version, mask: (lines) => inFile(lines, (file) => gitleaksFile(file, lines)) };
}

function versionOf(): string | undefined {
  try {
    return execFileSync(gitleaks, ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || 'unknown';
  } catch {
    return undefined;
  }
}

function gitleaksFile(file: string, lines: readonly string[]): Masked {
  const report = `${file}.report.json`;
  const flags = ['--report-format', 'json', '--report-path', report, '--no-banner', '--exit-code', '0', '--log-level', 'error'];
  const seconds = cpuSecondsOf(gitleaks, ['dir', file, ...flags]);
  const left = [...lines];
  for (const finding of JSON.parse(readFileSync(report, 'utf8')) as readonly GitleaksFinding[]) {
    // A match may go over several lines only where lines were joined by it; lines count from 1.
    const number = finding.StartLine - 1;
    left[number] = takeOut(left[number] ?? '', finding);
  }
  return { lines: left, seconds };
}

/** Runs a program. The shell's `times` (POSIX) says what its children used: user and system on its second line. */
function cpuSecondsOf(program: string, args: readonly string[]): number {
  const out = execFileSync('sh', ['-c', '"$@" >&2 || exit 1; times', 'sh', program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const parts = [...(out.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** A secret that was found behind an encoding is not in the line as it is: its encoded form is looked for. */
function takeOut(line: string, { Secret, Match }: GitleaksFinding): string {
  const forms = [Secret, Match].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(text),
  ]);
  for (const form of forms) if (form.length > 0 && line.includes(form)) return line.replaceAll(form, '[FOUND]');
  return line;
}

function inFile(lines: readonly string[], use: (file: string) => Masked): Masked {
  const folder = mkdtempSync(path.join(tmpdir(), 'auditveil-bench-'));
  const file = path.join(folder, 'audit.log');
  try {
    writeFileSync(file, `${lines.join('\n')}\n`);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
