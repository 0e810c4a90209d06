import { asks, attack } from '../ask.ts';
import { binding, rbac } from '../objects.ts';
import { type AttackStep, clients, type Step } from '../step.ts';

const outsider = asks('outsider', clients.python);
const curl = asks('outsider', clients.curl);
const kubectl = asks('outsider', clients.kubectl);
const pods = '/api/v1/namespaces/payments/pods';

/** What the API server says of credentials that are not good, and of good ones in the hands of others. */
export const loginSteps: readonly AttackStep[] = attack(
  'initial-access',
  ['IA05', outsider.get('tokens tried', '/api/v1/namespaces', { token: 'eyJ-tried-{n}', from: '127.0.2.1', times: 25 })],
  ...Array.from({ length: 10 }, (_, n): readonly [string, Step] => [
    'IA05 IA16',
    asks('outsider', 'hydra-like/1.0').get(`tokens tried from many places: ${n}`, '/api/v1/secrets', {
      token: `eyJ-place-${n}-{n}`,
      from: `127.0.2.${n + 10}`,
      times: 2,
    }),
  ]),
  ['IA05', kubectl.get('certificate that has expired', pods, { certificate: 'expired', from: '127.0.2.2', times: 7 })],
  ['IA05', kubectl.get('certificate of another authority', pods, { certificate: 'foreign', from: '127.0.2.3', times: 7 })],
  ['IA05', asks('retired', clients.curl).get('token of an account that was removed', pods, { times: 7 })],
  ['IA05', asks('gone', clients.curl).get('token of a pod that is gone', pods, { times: 7 })],
  ['IA03', curl.get('nobody at all', '/api/v1/namespaces/team-{n}/secrets', { from: '127.0.2.4', times: 9 })],
  ['N13', kubectl.get('certificate of a person, here', '/api', { certificate: 'valid', from: '127.0.2.5', times: 2 })],
  ['N13', kubectl.get('certificate of a person, and there', '/api', { certificate: 'valid', from: '127.0.2.6', times: 2 })],
  [
    'EX16',
    kubectl.post(
      'certificate of a person without rights',
      `${rbac()}/clusterrolebindings`,
      binding('g', 'cluster-admin', ['User', 'x']),
      {
        certificate: 'valid',
        from: '127.0.2.5',
      },
    ),
  ],
);
