import { attack } from '../ask.ts';
import { certificateRequest, goodSpec, pod } from '../objects.ts';
import { certificates, core } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { airflow, basket, nadia, pavel, runner } from './attackers.ts';

const client = 'kubernetes.io/kube-apiserver-client';
const usages = ['digital signature', 'key encipherment', 'client auth'];
const approve = (name: string): object => ({
  ...certificateRequest(name, '', client, usages),
  status: {
    conditions: [{ type: 'Approved', status: 'True', reason: 'Ok', message: 'ok', lastUpdateTime: '2026-01-01T00:00:00Z' }],
  },
});
const approved = { status: { conditions: [{ type: 'Approved', status: 'True', reason: 'AutoApproved', message: 'ok' }] } };
const as = (user: string, ...groups: readonly string[]): { headers: Record<string, string> } => ({
  headers: { 'impersonate-user': user, ...(groups[0] !== undefined && { 'impersonate-group': groups[0] }) },
});

/** As another, and with a certificate of another. */
export const guiseSteps: readonly AttackStep[] = [
  ...attack(
    'as another',
    ['PE19', nadia.get('as one of the masters', '/api/v1/secrets', as('root', 'system:masters'))],
    ['PE19', nadia.get('as the administrator', '/api/v1/namespaces', as('kubernetes-admin', 'kubeadm:cluster-admins'))],
    [
      'PE19',
      nadia.post(
        'as a controller',
        `${core('orders')}/pods`,
        pod('ctl', goodSpec()),
        as('system:serviceaccount:kube-system:replicaset-controller', 'system:serviceaccounts'),
      ),
    ],
    ['PE19', nadia.get('as a node', `${core('orders')}/secrets/stripe`, as('system:node:ip-10-4-0-1', 'system:nodes'))],
    [
      'PE19',
      nadia.get(
        'as the manager of controllers',
        `${core('kube-system')}/secrets/registry-pull`,
        as('system:kube-controller-manager'),
      ),
    ],
    ['DE03 N35', nadia.get('as a colleague', `${core('orders')}/pods`, as('oidc:lena@harbourline.example', 'oidc:orders-dev'))],
    ['DE03 N35', runner.get('as one more, refused', `${core('orders')}/pods`, as('oidc:omar@harbourline.example', 'oidc:sre'))],
    ['DE03 N35', pavel.get('as the masters, refused', '/api/v1/secrets', as('admin', 'system:masters'))],
    [
      'DE03 N35 PE19',
      basket.get(
        'as an account of the system, refused',
        `${core('kube-system')}/pods`,
        as('system:serviceaccount:kube-system:default'),
      ),
    ],
  ),
  ...attack(
    'certificates',
    ['PS05', nadia.post('of the masters', certificates, certificateRequest('m-1', 'CSR-FOR-SYSTEM-MASTERS', client, usages))],
    [
      'PS05',
      airflow.post('of the manager of controllers', certificates, certificateRequest('m-2', 'CSR-FOR-MANAGER', client, usages)),
    ],
    [
      'PS05',
      nadia.post(
        'of a node, by a person',
        certificates,
        certificateRequest('m-3', 'CSR-FOR-IP-7', 'kubernetes.io/kube-apiserver-client-kubelet', usages),
      ),
    ],
    ['PS03 PS06', runner.post('of a person, refused', certificates, certificateRequest('m-4', 'CSR-FOR-GHOST', client, usages))],
    [
      'PS03 PS06',
      nadia.post(
        'of a person',
        certificates,
        certificateRequest('m-5', 'CSR-FOR-GHOST', client, usages, { expirationSeconds: 315_360_000 }),
      ),
    ],
    ['PS03 PS04', nadia.put('approved by the same', `${certificates}/m-5/approval`, approve('m-5'))],
    ['PS03 PS04', nadia.merge('approved by a patch', `${certificates}/m-3/approval`, approved)],
    ['PS03', airflow.merge('another approves', `${certificates}/m-5/approval`, approved)],
  ),
];
