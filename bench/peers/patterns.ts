/** What is masked by those that know only expressions. POSIX extended and PCRE alike; one group at most, which stays. */
export interface PeerPattern {
  readonly kind: string;
  readonly expression: string;
  /** The first group stays in front of the mask. */
  readonly keepsGroup?: true;
}

/**
 * The kinds of the generated log that an expression over a raw line can find, written as somebody would who knows that log. Not among them: values
 * whose only sign is the name beside them (`name` and `value` of a variable), and base64 of a Secret, which needs its place in the object.
 */
export const peerPatterns: readonly PeerPattern[] = [
  { kind: 'email', expression: '[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\\.[A-Za-z0-9.-]*[A-Za-z]' },
  { kind: 'ipv4', expression: '[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}' },
  { kind: 'jwt', expression: 'eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}' },
  { kind: 'aws-key', expression: 'AKIA[A-Z2-7]{16}' },
  { kind: 'github', expression: 'gh[pousr]_[A-Za-z0-9]{36}' },
  { kind: 'slack', expression: 'xox[abprs]-[A-Za-z0-9-]{10,}' },
  { kind: 'stripe', expression: 'sk_live_[A-Za-z0-9]{16,}' },
  { kind: 'gitlab', expression: 'glpat-[A-Za-z0-9_-]{20}' },
  { kind: 'google', expression: 'AIza[A-Za-z0-9_-]{35}' },
  { kind: 'private-key', expression: '-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\\\\]*-----END [A-Z ]*PRIVATE KEY-----' },
  { kind: 'bearer', expression: '(Bearer )[A-Za-z0-9._~+/-]{20,}', keepsGroup: true },
  { kind: 'uri-credentials', expression: '(://[^:/@ "]*:)[^@/ "]+@', keepsGroup: true },
  { kind: 'password', expression: '([Pp]ass(word|wd)?[\\\\"]*[:=] *[\\\\"]*)[^",; \\\\]+', keepsGroup: true },
  { kind: 'secret', expression: '([Ss]ecret[\\\\"]*[:=] *[\\\\"]*)[^",; \\\\]+', keepsGroup: true },
  { kind: 'token', expression: '([Tt]oken[\\\\"]*[:=] *[\\\\"]*)[^",; \\\\]{8,}', keepsGroup: true },
  { kind: 'api-key', expression: '([Aa]pi[_-]?[Kk]ey[\\\\"]*[:=] *[\\\\"]*)[^",; \\\\]+', keepsGroup: true },
];

/** The mask of a pattern, with `group` for what stays in front of it. */
export const maskOf = ({ kind, keepsGroup }: PeerPattern, group: string): string => `${keepsGroup ? group : ''}[MASKED:${kind}]`;
