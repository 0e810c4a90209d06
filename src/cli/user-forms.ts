import type { KeyRing } from '../crypto/key-ring.ts';
import { type KeyPlace, noteAt } from './key-place.ts';

/** Whether a user is named as masked events name users: nobody is known by it who is not known by the log. */
export const isAsEventsSay = (name: string): boolean => /^\[MASKED:[a-z0-9:-]+\]$/.test(name) || name.startsWith('system:');

/**
 * How a user may stand in masked events: as named, and as the pseudonym under each epoch that still has a key. A group has no kind
 * of its own: one that is an e-mail address is masked as that.
 */
export async function userForms(ring: KeyRing, names: readonly string[], kinds = ['user']): Promise<readonly string[]> {
  const { TokenPseudonymiser } = await import('../masking/pseudonym.ts');
  const living = ring.list(Date.now()).filter(({ status }) => status !== 'destroyed');
  const makers = living.flatMap(({ id }) => kinds.map((kind) => new TokenPseudonymiser(ring.of(id), kind)));
  return names.flatMap((name) => [name, ...makers.map((maker) => maker.pseudonym(name))]);
}

/**
 * The forms of one user who is looked for. The look-up is noted in the data folders first: nobody looks a person up unnoticed.
 * @param purpose the command that asks
 */
export async function lookUpUser(
  ring: KeyRing,
  name: string,
  purpose: string,
  place: Pick<KeyPlace, 'dataDirectories'>,
): Promise<readonly string[]> {
  const forms = await userForms(ring, [name]);
  const pseudonyms = forms.filter((form) => form !== name);
  await noteAt(place, 'pseudonym-looked-up', { values: 1, kinds: ['user'], for: purpose, pseudonyms });
  return forms;
}

/** Users of cloud providers' own programs (their documentation); policies mask them like people. */
export const cloudUsers: readonly string[] = [
  ...['addon-manager', 'node-manager', 'cloud-controller-manager', 'certificate-controller', 'vpc-resource-controller'],
  ...['fargate-manager', 'fargate-scheduler', 'network-policy-controller', 'kms-storage-migrator', 'cluster-event-watcher'],
  ...['pod-identity-mutating-webhook', 'az-poller', 'cluster-bootstrap', 'authenticator', 'extension-metrics-apiserver'],
]
  .map((name) => `eks:${name}`)
  .concat('aksService', 'masterclient', 'hcpService', 'nodeclient', 'acsService');
