import { type CanonicalValue, canonicalJson } from '../crypto/canonical-json.ts';
import { signatureLine, signerOfLine } from '../crypto/signature-line.ts';
import type { SigningKey } from '../crypto/signing-key.ts';
import type { RetentionClasses } from '../log/retention-file.ts';

export const manifestFile = 'manifest.json';
export const signatureFile = 'manifest.sig';
/** Digests by which signing keys took over: from a key that is trusted they lead to the one that signed. */
export const keysFile = 'proof/keys.jsonl';

/** Where the hashes of a file's blocks stand. */
export const blocksFileOf = (name: string): string => `proof/${name.slice(name.lastIndexOf('/') + 1)}.blocks`;

/** A file of an export. */
export interface ExportedFile {
  readonly name: string;
  /** Of a file of lines. */
  readonly lines?: number;
  /** Of a table in a file of bytes, and the size of its blocks. */
  readonly rows?: number;
  readonly blockBytes?: number;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Merkle root over blocks of 100 lines, or of `blockBytes`; their hashes stand in `proof/<name>.blocks`. */
  readonly root: string;
}

export interface RuleCount {
  readonly rule: string;
  readonly name: string;
  readonly severity: string;
  readonly findings: number;
}

export interface Gap {
  readonly finding: string;
  readonly time: string;
  readonly rule: string;
  /** What the finding says of it: kind, file, sizes. */
  readonly cause: string;
}

/** Daily review: times are those of receipt. */
export interface Day {
  readonly day: string;
  readonly events: number;
  readonly stubs: number;
  /** By severity. */
  readonly findings: Readonly<Record<string, number>>;
  readonly reviews: number;
  /** Rules that looked at the day's events. */
  readonly rules: number;
}

/** A legal hold as it stood. */
export interface LegalHoldView {
  readonly name: string;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** When it was made, and by whom. */
  readonly created?: string | undefined;
  readonly by?: string | undefined;
}

/** What an export holds and how it came about. Counts are whole numbers, times RFC 3339. */
export interface Manifest {
  readonly format: 'auditveil.export/1';
  readonly made: string;
  readonly by: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly framework?: string | undefined;
  /** What was asked for: records received at or after `since` and before `until`. */
  readonly query: { readonly since?: string | undefined; readonly until?: string | undefined };
  readonly clusters: readonly string[];
  readonly counts: {
    /** Records of the two logs in that time, by what became of them: they add up. */
    readonly recordsRead: number;
    readonly eventsExported: number;
    readonly findingsExported: number;
    readonly notesExported: number;
    /** Among the notes: what people said about findings; who read, asked, exported or unmasked. */
    readonly reviews: number;
    readonly accesses: number;
    /** Among the events: could not be masked safely and hold no content; bodies removed by kube-apiserver; rebuilt from a cloud's own shape. */
    readonly stubs: number;
    readonly truncated: number;
    readonly derived: number;
    readonly findingsBySeverity: Readonly<Record<string, number>>;
    readonly valuesMasked: Readonly<Record<string, number>>;
  };
  /** When the first and the last event exported were received; absent where there is none. */
  readonly firstReceived?: string | undefined;
  readonly lastReceived?: string | undefined;
  /** Legal holds at the time of the export: what they cover is not deleted. */
  readonly holds: readonly LegalHoldView[];
  /** How long each class of records is kept, as the agent was told when it started last; absent where nothing tells it. */
  readonly retention?: RetentionClasses | undefined;
  /** Versions of masking policies and ids of key epochs that events were masked with. Keys are never exported. */
  readonly policies: readonly string[];
  readonly keyEpochs: readonly string[];
  /** Ids of the rules in force, over the whole time. */
  readonly rules: readonly string[];
  /** Rules that found something, the most findings first; all revisions count. */
  readonly findingsByRule: readonly RuleCount[];
  /** Findings that say that something is missing: gaps of a source, losses of a log, silence. */
  readonly gaps: readonly Gap[];
  /** For each day (UTC) with a record: that rules were in force, what they found, and what people said to it. */
  readonly days: readonly Day[];
  /** Where the logs' own chains of digests stood. */
  readonly chains: Readonly<Record<string, { readonly digests: number; readonly root: string }>>;
  readonly files: readonly ExportedFile[];
}

/** The manifest as it is written, and its signature file. */
export function signManifest(manifest: Manifest, key: SigningKey): { readonly manifest: string; readonly signature: string } {
  const text = `${canonicalJson(manifest as unknown as CanonicalValue)}\n`;
  return { manifest: text, signature: `${signatureLine(key, text)}\n` };
}

/** @returns 'malformed' where it is no manifest, 'unsigned' where none of the keys signed it */
export function readManifest(
  text: string,
  signature: string,
  publicPems: readonly string[],
): Manifest | 'malformed' | 'unsigned' {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch {
    return 'malformed';
  }
  if (manifest.format !== 'auditveil.export/1' || !Array.isArray(manifest.files)) return 'malformed';
  const [line = '', ...rest] = signature.split('\n');
  const isSigned = rest.join() === '' && rest.length === 1 && signerOfLine(line, text, publicPems) !== undefined;
  return isSigned ? (manifest as Manifest) : 'unsigned';
}
