import { asks } from '../ask.ts';
import {
  clusterRole,
  configMap,
  eviction,
  goodSpec,
  job,
  lease,
  named,
  ownRoleBinding,
  pod,
  rbac,
  role,
  rule,
  service,
  workload,
} from '../objects.ts';
import { apps, batch, core, custom, network } from '../places.ts';
import { agentOf, type Step } from '../step.ts';

const certify = asks('certify', 'cert-manager-certificates-issuing/v1.18.2 (linux/amd64) cert-manager/abc');
const cainjector = asks('cainjector', 'cert-manager-cainjector/v1.18.2 (linux/amd64) cert-manager/abc');
const fetcher = asks('fetcher', 'external-secrets/v0.0.0 (linux/amd64) kubernetes/$Format/externalsecret');
const strimzi = asks('strimzi', 'Fabric8KubernetesClient/7.3.1');
const rook = asks('rook', agentOf('rook'));
const kyverno = asks('kyvernoAdmission', agentOf('kyverno'));
const background = asks('kyvernoBackground', agentOf('background-controller'));
const keda = asks('kedaOperator', agentOf('keda'));
const vpa = asks('vpaUpdater', 'vpa-updater/v0.0.0 (linux/amd64) kubernetes/$Format');
const istiod = asks('istiod', 'pilot-discovery/v0.0.0 (linux/amd64) kubernetes/$Format');
const metallb = asks('metallb', 'controller/v0.0.0 (linux/amd64) kubernetes/$Format');
const nginx = asks('nginxIngress', 'nginx-ingress-controller/v1.13.0 (linux/amd64) ingress-nginx/abc');
const tigera = asks('tigera', agentOf('operator'));
const calico = asks('calicoNode', agentOf('calico-node'));
const descheduler = asks('descheduler', agentOf('descheduler'));
const grower = asks('grower', 'cluster-autoscaler/v1.36.0 (linux/amd64) kubernetes/$Format');
const provisioner = asks('provisioner', 'csi-provisioner/v5.3.0');
const airflow = asks('airflowScheduler', 'OpenAPI-Generator/31.0.0/python');
const spark = asks('spark', 'spark/4.0.0 fabric8/7.1.0');
const hooks = '/apis/admissionregistration.k8s.io/v1';
const leases = (namespace: string): string => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const events = (namespace: string): string => `${core(namespace)}/events`;
const tells = (name: string, namespace: string, reason: string): object => ({
  ...named('Event', name),
  involvedObject: { kind: 'Pod', name: 'x', namespace },
  reason,
});

/** Operators at work. */
export const caretakerSteps: readonly Step[] = [
  certify.get('certificates, watched', '/apis/cert-manager.io/v1/certificates?watch=true&timeoutSeconds=1', { isStream: true }),
  certify.get('secrets, watched', '/api/v1/secrets?allowWatchBookmarks=true&watch=true&timeoutSeconds=1', { isStream: true }),
  certify.get('one secret', `${core('orders')}/secrets/tls`),
  certify.post('a request', `${custom('cert-manager.io', 'v1', 'orders')}/certificaterequests`, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'CertificateRequest',
    metadata: { name: 'cart-1' },
    spec: {},
  }),
  certify.apply('a certificate', `${core('orders')}/secrets/cart-tls`, {
    ...named('Secret', 'cart-tls'),
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' },
  }),
  certify.post('a pod that answers a challenge', `${core('orders')}/pods`, pod('cm-acme-http-solver-abc', goodSpec())),
  certify.post(
    'a service for the challenge',
    `${core('orders')}/services`,
    service('cm-acme-http-solver-abc', { type: 'NodePort' }),
  ),
  certify.post('a way in for the challenge', `${network('orders')}/ingresses`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'cm-acme-http-solver-abc', labels: { 'acme.cert-manager.io/http01-solver': 'true' } },
    spec: {
      rules: [
        {
          host: 'cart.example.com',
          http: {
            paths: [
              {
                path: '/.well-known/acme-challenge/x',
                pathType: 'ImplementationSpecific',
                backend: { service: { name: 'cm-acme-http-solver-abc', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  }),
  certify.remove('the challenge is over', `${core('orders')}/pods/cm-acme-http-solver-abc`),
  cainjector.json('the authority of a webhook', `${hooks}/validatingwebhookconfigurations/cert-manager-webhook`, [
    { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI=' },
  ]),
  cainjector.get('kinds', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?watch=true&timeoutSeconds=1', {
    isStream: true,
  }),
  fetcher.get('objects', '/apis/external-secrets.io/v1/externalsecrets'),
  fetcher.get('what is there', `${core('billing')}/secrets/stripe-live`),
  fetcher.post(
    'a secret',
    `${core('billing')}/secrets`,
    named('Secret', 'stripe-live', { labels: { 'reconcile.external-secrets.io/managed': 'true' } }),
  ),
  fetcher.merge('a secret anew', `${core('billing')}/secrets/stripe-live`, { data: { a: 'Yg==' } }),
  fetcher.get('many in turn', `${core('billing')}/secrets/card-key-{n}`, { times: 18 }),
  strimzi.get('kafkas', '/apis/kafka.strimzi.io/v1/kafkas'),
  strimzi.post(
    'keys of a cluster',
    `${core('kafka')}/secrets`,
    named('Secret', 'main-cluster-ca-cert', { labels: { 'strimzi.io/cluster': 'main' } }),
  ),
  strimzi.post('an account', `${core('kafka')}/serviceaccounts`, named('ServiceAccount', 'main-kafka')),
  strimzi.post(
    'rights of the brokers',
    `${rbac('kafka')}/rolebindings`,
    ownRoleBinding('main-kafka', 'main', ['ServiceAccount', 'main-kafka', 'kafka']),
  ),
  strimzi.post('a broker', `${core('kafka')}/pods`, pod('main-kafka-0', goodSpec({ serviceAccountName: 'main-kafka' }))),
  strimzi.remove('a broker is restarted', `${core('kafka')}/pods/main-kafka-0`),
  strimzi.post('a broker again', `${core('kafka')}/pods`, pod('main-kafka-0', goodSpec({ serviceAccountName: 'main-kafka' }))),
  strimzi.merge('the state', `${custom('kafka.strimzi.io', 'v1', 'kafka')}/kafkas/main/status`, { status: { ready: true } }),
  rook.get('nodes', '/api/v1/nodes'),
  rook.post('settings', `${core('rook-ceph')}/configmaps`, configMap('rook-ceph-mon-endpoints', { data: 'a=10.0.0.1:6789' })),
  rook.post(
    'a job that prepares disks',
    `${batch('rook-ceph')}/jobs`,
    job('rook-ceph-osd-prepare-1', {
      containers: [
        {
          name: 'provision',
          image: 'registry.example.com/ceph/ceph:v19.2',
          securityContext: { privileged: true },
          resources: { limits: { memory: '1Gi' } },
          volumeMounts: [{ name: 'devices', mountPath: '/dev' }],
        },
      ],
      volumes: [{ name: 'devices', hostPath: { path: '/dev' } }],
    }),
  ),
  rook.open(
    'a word to the cluster of disks',
    `${core('rook-ceph')}/pods/rook-ceph-system-0/exec?command=ceph&command=status&stdout=true`,
  ),
  kyverno.put(
    'the authority of its own webhook',
    `${hooks}/validatingwebhookconfigurations/kyverno-resource-validating-webhook-cfg`,
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'kyverno-resource-validating-webhook-cfg' },
      webhooks: [],
    },
  ),
  kyverno.post('its own webhook', `${hooks}/validatingwebhookconfigurations`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'kyverno-resource-validating-webhook-cfg', labels: { 'webhook.kyverno.io/managed-by': 'kyverno' } },
    webhooks: [],
  }),
  kyverno.get('settings that a policy asks for', `${core('orders')}/configmaps/flags`),
  kyverno.post('may another?', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: 'system:serviceaccount:kyverno:kyverno-background-controller',
      resourceAttributes: { verb: 'update', resource: 'secrets', namespace: 'orders' },
    },
  }),
  background.post('a policy made from another', `${network('preview-42')}/networkpolicies`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny', labels: { 'app.kubernetes.io/managed-by': 'kyverno' } },
    spec: { podSelector: {} },
  }),
  background.post('a password for images, copied', `${core('preview-42')}/secrets`, {
    ...named('Secret', 'registry-pull'),
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': 'e30=' },
  }),
  keda.get('objects', '/apis/keda.sh/v1/scaledobjects'),
  keda.get('a secret of a trigger', `${core('orders')}/secrets/stripe`),
  keda.merge('more of one', `${apps('orders')}/deployments/mailer/scale`, { spec: { replicas: 3 } }),
  keda.merge('none of one at night', `${apps('orders')}/deployments/mailer/scale`, { spec: { replicas: 0 } }),
  keda.post('a scaler', '/apis/autoscaling/v2/namespaces/orders/horizontalpodautoscalers', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'keda-hpa-mailer' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'mailer' }, maxReplicas: 5 },
  }),
  vpa.get('pods', '/api/v1/pods'),
  vpa.post('a pod has to be made anew', `${core('orders')}/pods/batch-13/eviction`, eviction('batch-13', 'orders')),
  istiod.get('secrets of certificates', `${core('istio-system')}/secrets?watch=true&timeoutSeconds=1`, { isStream: true }),
  istiod.json('the authority of the injector', `${hooks}/mutatingwebhookconfigurations/istio-sidecar-injector`, [
    { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI=' },
  ]),
  istiod.post(
    'its authority, for each namespace',
    `${core('orders')}/configmaps`,
    configMap('istio-ca-root-cert', { 'root-cert.pem': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' }),
  ),
  istiod.post('whose is this token?', '/apis/authentication.k8s.io/v1/tokenreviews', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenReview',
    spec: { token: 'x', audiences: ['istio-ca'] },
  }),
  istiod.post('its lock', leases('istio-system'), lease('istio-leader')),
  metallb.merge('an address for a service', `${core('orders')}/services/front/status`, {
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.40' }] } },
  }),
  metallb.post('says so', events('orders'), tells('front.1', 'orders', 'IPAllocated')),
  nginx.get('ways in', '/apis/networking.k8s.io/v1/ingresses?watch=true&timeoutSeconds=1', { isStream: true }),
  nginx.merge('where a way in is', `${network('orders')}/ingresses/shop/status`, {
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.41' }] } },
  }),
  nginx.get('a certificate', `${core('orders')}/secrets/tls`),
  nginx.put('its lock', `${leases('ingress-nginx')}/ingress-nginx-leader`, lease('ingress-nginx-leader')),
  tigera.apply(
    'its daemon set',
    `${apps('calico-system')}/daemonsets/calico-node`,
    workload('DaemonSet', 'calico-node', {
      hostNetwork: true,
      containers: [
        {
          name: 'calico-node',
          image: 'registry.example.com/calico/node:v3.30.0',
          securityContext: { privileged: true },
          resources: { requests: { cpu: '250m' } },
        },
      ],
      volumes: [{ name: 'lib-modules', hostPath: { path: '/lib/modules' } }],
    }),
  ),
  tigera.apply(
    'its rights',
    `${rbac()}/clusterroles/calico-node`,
    clusterRole('calico-node', [
      rule('', ['pods', 'nodes', 'namespaces'], ['get', 'list', 'watch']),
      rule('', ['pods/status'], ['patch']),
    ]),
  ),
  calico.merge('the address of a pod', `${core('orders')}/pods/cart-6d5f-abcde/status`, {
    metadata: { annotations: { 'cni.projectcalico.org/podIP': '10.2.0.4/32' } },
  }),
  calico.merge('the network of the node works', '/api/v1/nodes/ip-10-4-0-1/status', {
    status: { conditions: [{ type: 'NetworkUnavailable', status: 'False', reason: 'CalicoIsUp' }] },
  }),
  calico.post('a token of its own', `${core('calico-system')}/serviceaccounts/calico-node/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 86_400, audiences: ['https://kubernetes.default.svc'] },
  }),
  descheduler.get('pods', '/api/v1/pods'),
  descheduler.post('a pod may go elsewhere', `${core('orders')}/pods/batch-12/eviction`, eviction('batch-12', 'orders')),
  grower.get('pods that wait', '/api/v1/pods?fieldSelector=spec.nodeName%3D'),
  grower.put(
    'its state',
    `${core('kube-system')}/configmaps/cluster-autoscaler-status`,
    configMap('cluster-autoscaler-status', { status: 'ok' }),
  ),
  grower.strategic('a node gets a mark', '/api/v1/nodes/ip-10-4-0-2', {
    spec: { taints: [{ key: 'DeletionCandidateOfClusterAutoscaler', value: '1', effect: 'PreferNoSchedule' }] },
  }),
  provisioner.get('claims', '/api/v1/persistentvolumeclaims?watch=true&timeoutSeconds=1', { isStream: true }),
  provisioner.post('a volume', '/api/v1/persistentvolumes', {
    ...named('PersistentVolume', 'pvc-1'),
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      csi: { driver: 'ebs.csi.example.com', volumeHandle: 'vol-1' },
    },
  }),
  provisioner.remove('a volume is given back', '/api/v1/persistentvolumes/pvc-1'),
  airflow.post(
    'a task',
    `${core('data')}/pods`,
    pod('etl-orders-20261130', goodSpec(), { labels: { dag_id: 'etl', airflow_version: '3.0.2' } }),
  ),
  airflow.get('the task', `${core('data')}/pods?labelSelector=dag_id%3Detl`, { times: 4 }),
  airflow.get('output of the task', `${core('data')}/pods/etl-orders-20261130/log`),
  airflow.remove('the task is done', `${core('data')}/pods/etl-orders-20261130`),
  spark.post('a worker', `${core('data')}/pods`, pod('sales-exec-{n}', goodSpec(), { labels: { 'spark-role': 'executor' } }), {
    times: 6,
  }),
  spark.remove('workers go', `${core('data')}/pods?labelSelector=spark-role%3Dexecutor`),
  spark.post(
    'settings of a job',
    `${core('data')}/configmaps`,
    configMap('spark-drv-conf-map', { 'spark.properties': 'spark.app.name=sales' }),
  ),
  strimzi.post(
    'a role of the brokers',
    `${rbac('kafka')}/roles`,
    role('main', [rule('', ['secrets'], ['get', 'list', 'watch'])]),
  ),
];
