import { z } from 'zod';

/**
 * The values of the Helm chart deploy/helm/auditveil: their type, check, default and meaning. From here come values.yaml,
 * values.schema.json and the table in the chart's README (`npm run docs`). What the program itself can be told stands under `config`
 * and has the program's own schema.
 */
const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/);
const nameOrNone = z.string().regex(/^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$/);
const absolute = z.string().regex(/^\/.+$/);
const labels = z.record(z.string(), z.string());
const passedOn = z.record(z.string(), z.unknown());
const passedOnList = z.array(passedOn);
const userId = z.int().min(0).max(4_294_967_294);
const duration = z.string().regex(/^[0-9]+(ms|s|m|h)$/);
const quantity = z.string().regex(/^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/);
const controlPlane = 'node-role.kubernetes.io/control-plane';

const image = z
  .strictObject({
    repository: z.string().min(1).default('auditveil').describe('Registry and name. No public image exists: build yours.'),
    tag: z.string().default('').describe('Empty: the version the chart was made for.'),
    digest: z
      .string()
      .regex(/^(sha256:[0-9a-f]{64})?$/)
      .default('')
      .describe('`sha256:…`: pins the image whatever the tag says.'),
    pullPolicy: z
      .enum(['Always', 'IfNotPresent', 'Never'])
      .default('IfNotPresent')
      .describe('When the kubelet asks the registry.'),
    pullSecrets: z.array(name).default([]).describe('Secrets for the registry, by name.'),
  })
  .describe('The image; Containerfile at the top of the project builds it.');

const webhook = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/.*$/)
      .default('/audit')
      .describe('Path of the URL that kube-apiserver is given.'),
    tlsSecret: name
      .default('auditveil-tls')
      .describe('Secret with `server.crt`, `server.key` and `ca.crt`, the authority of clients.'),
    allowedNames: z
      .array(z.string().min(1))
      .min(1)
      .default(['kube-apiserver'])
      .describe('Names that the certificate of a sender may have.'),
    clusterIP: z
      .string()
      .regex(/^[0-9a-fA-F.:]*$/)
      .default('')
      .describe('Address of the Service: kube-apiserver does not ask the DNS of the cluster. Empty: the cluster chooses.'),
  })
  .describe('Only for `mode: webhook`.');

const storage = z
  .strictObject({
    size: quantity.default('20Gi').describe('More than twice `config.log.maxBytes`, which holds for each of two logs.'),
    className: nameOrNone.default('').describe('Empty: the default class of the cluster.'),
  })
  .describe(
    'The volume of each pod. It stays when the release is removed. Not for `mode: file`, which keeps its log on the node.',
  );

const file = z
  .strictObject({
    path: absolute
      .default('/var/log/kubernetes/audit/audit.log')
      .describe('The audit log on the node; its folder is mounted read-only.'),
    dataDirectory: absolute.default('/var/lib/auditveil').describe('Folder on the node for the log of the agent.'),
    runAsUser: userId
      .default(0)
      .describe('kube-apiserver writes its log for root only. With an ACL on its folder: the user that may read it.'),
    runAsGroup: userId.default(0).describe('Group of the agent.'),
    nodeSelector: labels.default({ [controlPlane]: '' }).describe('The nodes on which kube-apiserver writes a log.'),
    tolerations: passedOnList
      .default([{ key: controlPlane, operator: 'Exists', effect: 'NoSchedule' }])
      .describe('Taints of these nodes.'),
  })
  .describe('Only for `mode: file`.');

const page = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        "Whether it is served, with TLS and tokens. Each pod shows what is in its own log; with `config.transport` that is the workers'.",
      ),
    tlsSecret: name.default('auditveil-page-tls').describe('Secret with `tls.crt` and `tls.key`, as cert-manager makes them.'),
    tokens: passedOnList
      .default([])
      .describe('Who may come in: entries as `auditveil web token` prints them (`name`, `role`, `hash`). At least one.'),
    hosts: z.array(z.string().min(1)).default([]).describe('Names it is asked for by, where others are to be refused.'),
    clients: labels
      .default({ 'kubernetes.io/metadata.name': 'ingress' })
      .describe('Labels of the namespace that may reach it: that of your ingress or proxy.'),
  })
  .describe('The page and its API (docs/web.md), on port 8090 of the Service.');

const secretEnv = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
  secret: name,
  key: z.string().min(1),
});

const networkPolicy = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Needs a network plug-in that knows NetworkPolicy.'),
    senders: z
      .array(z.string().regex(/^[0-9a-fA-F.:]+\/[0-9]{1,3}$/))
      .default(['192.0.2.0/24'])
      .describe('Addresses of the control-plane nodes, who send. The default is a range for documentation: change it.'),
    scrapers: labels
      .default({ 'kubernetes.io/metadata.name': 'monitoring' })
      .describe('Labels of the namespace that may read metrics; they have no authentication.'),
    egress: passedOnList
      .default([])
      .describe('Rules for what goes out, as in a NetworkPolicy: the sinks, and DNS where they are names.'),
  })
  .describe('Who may reach the agent, and whom it may reach.');

const monitor = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Needs the Prometheus operator.'),
    interval: duration.default('30s').describe('How often it is scraped.'),
    labels: labels.default({}).describe('Labels by which your Prometheus finds it.'),
  })
  .describe('ServiceMonitor.');

const named = (about: string) =>
  z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether it is made.'),
      labels: labels.default({}).describe('Labels by which it is found.'),
    })
    .describe(about);

export const valuesSchema = z.strictObject({
  mode: z
    .enum(['webhook', 'file', 'worker'])
    .default('webhook')
    .describe(
      '`webhook`: kube-apiserver sends (StatefulSet). `file`: follows the audit log on each control-plane node (DaemonSet). `worker`: takes what agents put into Kafka (StatefulSet).',
    ),
  fullnameOverride: nameOrNone.default('').describe('Name of everything. Empty: made of the release and the chart.'),
  image,
  config: passedOn.describe(
    'The configuration of the program (docs/config.md) without what the chart knows. With `transport` receivers and agents on nodes leave detection and sinks to workers.',
  ),
  keySecret: name
    .default('auditveil-keys')
    .describe('Secret with `keys.json`, the key behind pseudonyms: the same for every agent.'),
  secretEnv: z
    .array(secretEnv)
    .default([])
    .describe('Environment from Secrets (`name`, `secret`, `key`); text values in `config` may refer to it.'),
  secretFiles: z
    .array(name)
    .default([])
    .describe('Secrets mounted at `/etc/auditveil/secrets/<name>`, for options that end in `File`.'),
  configMaps: z
    .array(name)
    .default([])
    .describe('ConfigMaps mounted at `/etc/auditveil/extra/<name>`: your own rules, packs, lists.'),
  replicas: z
    .int()
    .min(1)
    .max(99)
    .default(1)
    .describe(
      'Pods, each with a log of its own. Without `config.transport` each of several receivers sees a part of the events, and so do rules that count. Not for `mode: file`.',
    ),
  storage,
  webhook,
  file,
  resources: passedOn
    .default({ requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '512Mi' } })
    .describe('Memory does not grow with the backlog. Each worker thread (`config.workers`) takes 150 MB more.'),
  priorityClassName: nameOrNone.default('').describe('Empty: `system-node-critical` on nodes, else `system-cluster-critical`.'),
  terminationGracePeriodSeconds: z
    .int()
    .min(11)
    .default(20)
    .describe('Longer than the 10 s in which work in flight is brought to its end.'),
  nodeSelector: labels.default({}).describe('Not for `mode: file`, which has its own.'),
  tolerations: passedOnList.default([]).describe('Not for `mode: file`, which has its own.'),
  affinity: passedOn.default({}).describe('Empty: replicas rather on different nodes.'),
  podLabels: labels.default({}).describe('Further labels of pods.'),
  podAnnotations: labels.default({}).describe('Annotations of pods.'),
  page,
  networkPolicy,
  podDisruptionBudget: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Not for `mode: file`: a drain passes over DaemonSets.'),
      maxUnavailable: z.int().min(1).default(1).describe('How many may be away for a drain at once.'),
    })
    .describe('PodDisruptionBudget.'),
  serviceMonitor: monitor,
  prometheusRule: named('PrometheusRule with the alerts of deploy/prometheus/alerts.yaml; needs the Prometheus operator.'),
  dashboard: named('ConfigMap with the Grafana dashboard, as Grafana’s sidecar finds it by a label.'),
  global: passedOn.default({}).describe('Helm hands it down to charts inside others; not used.'),
});
