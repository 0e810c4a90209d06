/**
 * The audit policy that `init` writes: what the shipped rules need, and no more bodies than that. deploy/audit-policy.yaml is the
 * same text; a test holds them together, and another lints the shipped rules against it.
 * Source of the form: Kubernetes documentation, audit.k8s.io/v1 Policy; the first rule that fits a request decides.
 */
export const auditPolicyText = `# Audit policy of kube-apiserver, made for Auditveil: the levels its detection rules need. The first rule that fits decides.
# Check your own changes with: auditveil rules coverage --policy audit-policy.yaml
apiVersion: audit.k8s.io/v1
kind: Policy
# Every request comes once, when it is answered; long running ones (watch, exec) also when they start. A request that panics is logged.
omitStages: ["RequestReceived"]
# Which fields were set by whom: large, and no rule asks for it.
omitManagedFields: true
rules:
  # Probes of load balancers and the kubelet.
  - level: None
    nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"]
  # Leader election and heartbeats of the system: most of all requests.
  - level: None
    users: ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"]
    verbs: ["get", "update"]
    resources:
      - group: "coordination.k8s.io"
        resources: ["leases"]
  - level: None
    userGroups: ["system:nodes"]
    verbs: ["get", "update", "patch"]
    resources:
      - group: "coordination.k8s.io"
        resources: ["leases"]
      - group: ""
        resources: ["nodes/status"]
  # Secrets and what carries tokens: who did what to which, never the content.
  - level: Metadata
    resources:
      - group: ""
        resources: ["secrets", "serviceaccounts/token"]
      - group: "authentication.k8s.io"
        resources: ["tokenreviews"]
  # What changes the cluster or asks for rights: with the request, for rules about containers, mounts, roles and webhooks.
  - level: Request
    verbs: ["create", "update", "patch", "delete", "deletecollection"]
    resources:
      - group: ""
        resources: ["pods", "pods/exec", "pods/attach", "pods/portforward", "pods/ephemeralcontainers", "pods/eviction", "pods/binding", "pods/proxy", "pods/resize",
                    "configmaps", "services", "serviceaccounts", "namespaces", "nodes", "replicationcontrollers", "persistentvolumes", "resourcequotas", "limitranges",
                    "podtemplates"]
      - group: "apps"
      - group: "batch"
      - group: "rbac.authorization.k8s.io"
      - group: "admissionregistration.k8s.io"
      - group: "apiextensions.k8s.io"
      - group: "apiregistration.k8s.io"
      - group: "authorization.k8s.io"
      - group: "certificates.k8s.io"
      - group: "networking.k8s.io"
      - group: "policy"
  # Reading, and everything else: who, what, when, from where.
  - level: Metadata
`;
