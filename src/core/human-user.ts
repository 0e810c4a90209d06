/**
 * Whether a user name (masked or not) is a person's, or a program's that a person gave a name: not one of `system:`, but for
 * `system:anonymous`, of whom nothing is known.
 */
export function isHumanUser(user: string | undefined): boolean {
  return user === undefined || !user.startsWith('system:') || user === 'system:anonymous';
}
