import { asks, attack } from '../ask.ts';
import { core } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { airflow, airflowScript, basket, basketKubectl, kube7, nadia, nadiaK9s, pavel, runner } from './attackers.ts';

const table = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } };
const onlyNames = { headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' } };
const deprived = asks('ordersDefault', 'curl/8.4.0');

/** Secrets read. */
export const theftSteps: readonly AttackStep[] = [
  ...attack(
    'credential access',
    ['CA01', nadia.get('all', '/api/v1/secrets?limit=500', table)],
    ['CA01', nadiaK9s.get('all, by a desktop tool', '/api/v1/secrets')],
    ['CA01', airflowScript.get('all, in parts', '/api/v1/secrets?limit=5&continue=')],
    ['CA01', airflow.get('all, watched', '/api/v1/secrets?watch=true&timeoutSeconds=1', { isStream: true })],
    ['CA01', nadia.get('all of one type', '/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls')],
    ['CA01', airflow.get('all that Helm left', '/api/v1/secrets?labelSelector=owner%3Dhelm')],
    ['CA01', nadia.get('the names of all', '/api/v1/secrets', onlyNames)],
    ['CA01 CA04', pavel.get('all, refused', '/api/v1/secrets')],
    ['CA02', nadia.get('those of the system', `${core('kube-system')}/secrets`, table)],
    ['CA02', airflowScript.get('those of default', `${core('default')}/secrets`)],
    [
      'CA02',
      airflow.get('those of the system, watched', `${core('kube-system')}/secrets?watch=1&timeoutSeconds=1`, { isStream: true }),
    ],
    ['CA03', nadia.get('one by one', `${core('billing')}/secrets/card-key-{n}`, { times: 18 })],
    ['CA03', runner.get('one by one, by the pipeline', `${core('billing')}/secrets/card-key-{n}`, { times: 16 })],
    ['CA04', pavel.get('refused, by name', `${core('production')}/secrets/name-{n}`, { times: 22 })],
    ['CA04', deprived.get('refused, one', `${core('orders')}/secrets/stripe`)],
    ['CA04 CA12', deprived.get('refused, the whole namespace', `${core('production')}/secrets`)],
    ['CA05 CA06 CA07', basket.get('one, by curl', `${core('orders')}/secrets/stripe`)],
    ['CA06', airflowScript.get('one, by a script', `${core('production')}/secrets/db-root`)],
    ['CA06', asks('nadia', 'Wget/1.21.4').get('one, by wget', `${core('orders')}/secrets/tls`)],
    ['CA06', asks('runner', 'python-urllib3/2.0.7').get('one, by a library', `${core('billing')}/secrets/card-key-1`)],
    ['CA07 CA05 CA12', kube7.get('of a pod that is not on the node', `${core('billing')}/secrets/card-key-2`)],
    ['CA07 CA12', kube7.get('all, by the node', '/api/v1/secrets')],
    ['CA07 CA05', basketKubectl.get('those of the namespace, by the application', `${core('orders')}/secrets`)],
    ['CA08 CA05', nadia.get('one, of the production', `${core('production')}/secrets/db-root`)],
    ['CA11', nadia.merge('one gets another content', `${core('orders')}/secrets/stripe`, { stringData: { a: 'evil' } })],
    ['CA11', airflow.remove('one goes', `${core('orders')}/secrets/basket-db`)],
    ['CA11', nadia.remove('many go', `${core('legacy')}/secrets`)],
    [
      'CA11',
      runner.put('one replaced', `${core('billing')}/secrets/card-key-3`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'card-key-3' },
        stringData: { a: 'x' },
      }),
    ],
    [
      'N32 N12 N13',
      asks('basket', 'kubectl/v1.30.2 (linux/amd64) kubernetes/3968350').get(
        'the token of the application, from another machine',
        `${core('orders')}/secrets`,
        { from: '127.0.4.99' },
      ),
    ],
    [
      'N12 N13',
      asks('nadia', 'kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0').get(
        'the same person from another address',
        `${core('orders')}/pods`,
        { from: '127.0.4.98' },
      ),
    ],
    [
      'CA05 IA13 N13',
      asks('fetcher', 'curl/8.1.0').get('the token of an operator, in other hands', `${core('billing')}/secrets/card-key-4`, {
        from: '127.0.4.97',
      }),
    ],
    ['N14', airflow.get('a token that is bound to no pod', `${core('data')}/pods`)],
  ),
];
