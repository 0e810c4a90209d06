/** Whether a user may be a person: controllers, nodes and service accounts are users of `system:`; so is who is not known, and counts as one. */
export function isHuman(user: string): boolean {
  return !user.startsWith('system:') || user === 'system:anonymous';
}
