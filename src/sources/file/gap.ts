/** Bytes of a log that were not read and cannot be any more, or perhaps. */
export interface Gap {
  /**
   * `missing`: the file is gone under every name. `truncated`: it was cut and there is no copy; what came since the last
   * look is lost. `damaged`: a compressed file cannot be unpacked further. `unreadable`: the system does not let us.
   */
  readonly kind: 'missing' | 'truncated' | 'damaged' | 'unreadable';
  readonly path: string;
  /** Byte of the file, of a compressed one of what it holds. */
  readonly from: number;
  /** Undefined where nobody knows. */
  readonly to: number | undefined;
}

/** What to do about each. */
export const gapRemedies: Readonly<Record<Gap['kind'], string>> = {
  missing: 'Keep more rotated files (--audit-log-maxbackup, --audit-log-maxsize), and find out who removed this one.',
  truncated: 'Rotate by renaming, not by truncating; if nothing here rotates by truncating, find out who cut the file.',
  damaged: 'Test the file with `gzip -t` and look for another copy; `auditveil run --once` reads one.',
  unreadable: 'Give this user read access to the file and to the folder, then start again.',
};
