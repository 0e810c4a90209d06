import { Posture } from './posture.ts';
import type { Practice } from './practice.ts';

const opening = `# Posture

\`auditveil posture LOG…\` judges practices that users of Kubernetes are told to follow from what an audit log shows. It reads raw events (plain, gzip, wrappers of clouds) and data folders of agents. Raw events are masked in memory first; the
report holds masked values only: users are pseudonyms, and \`auditveil pseudonym NAME\` finds somebody you know. This page is generated from the practices (\`auditveil docs\`); a test fails when it is stale.

\`\`\`
auditveil posture /var/log/kubernetes/audit/audit.log
auditveil posture auditveil-data -o json
auditveil posture audit.log --fail-on image,namespace.network-policy        # exit code 5 where one was found
auditveil posture audit.log --delivered-by ci-robot --server-version 1.31
\`\`\`

Each practice is **found** (with a count, the things looked at, and the latest examples), **none** (looked at, nothing found) or **not seen**, with the reason why this log cannot show it. Silence is never taken for health: a log at level \`Metadata\` says
nothing about probes, and the report says so.

## What counts
- An object is judged as the log last showed it: a probe added later counts, and what was deleted is gone. Patches are followed as far as they say something of containers. Pods and replica sets of a controller are judged at their owner.
- Lists and answers of the API server are used where they are logged (\`RequestResponse\`); a whole list of the cluster also shows what was there before the log began. Without them only what was made or changed in the log is judged.
- By hand is what a user changed who is neither a service account nor part of the cluster. A pipeline that logs in as a user looks like a person: name it with \`--delivered-by\`. A person with the token of a service account looks like a machine.
- Who a delivery system is, is told by the names of its service accounts (Argo CD, Flux, Fleet, Config Sync, kapp, GitLab agent, Tiller), never by a user agent, which everybody chooses. Which application an object belongs to comes from its labels and annotations.
- A namespace is judged ten minutes after it was made. Pod security that the API server's own configuration sets shows in the annotations of pods.
- Versions come from user agents: a client may say what it likes. The allowed distance is that of the Kubernetes version skew policy.
- The audit policy is judged by the requests that were made and the rules of \`--profile\` or \`--rules\`: a kind of request nobody made says nothing. \`auditveil rules lint --policy\` looks at the policy itself. Secrets and tokens are left out: they are logged without bodies on purpose.
- Images are judged by their names. An image of your own that is built on a whole distribution is not recognised.
- The namespaces of the cluster (\`kube-system\`, \`kube-public\`, \`kube-node-lease\`) are left out of what is said of workloads and namespaces. Dry runs and refused requests change nothing.
- At most 50,000 objects, users and grants of each kind are kept; what is given up beyond that is counted in the report.

## Roles from what was used
\`auditveil rbac suggest --user NAME|--group NAME|--serviceaccount NAMESPACE:NAME LOG…\` writes the smallest Role, ClusterRole and bindings that allow what somebody asked for and got, as YAML for \`kubectl apply\`, and says as comments what they were
granted and did not use. On a masked log a real name is turned into its pseudonyms with the key (\`--key\`, \`--config\`).

- A rule names objects where at most \`--max-names\` were asked for, except kinds whose names are made up anew (pods, jobs …), kinds the same account creates, and names that are masked.
- A patch or update that made its object needs \`create\` as well. Whoever impersonates needs \`impersonate\`; that groups were impersonated cannot be told from those every user has. Whoever writes roles or bindings must hold what they give, or have \`escalate\` and
  \`bind\`: that is not written.
- Requests that were refused, and what \`system:discovery\` and \`system:basic-user\` give everybody, are left out. What the audit policy does not log is missing.
- Bindings are compared where the log holds their bodies. A binding is used where the API server says so; of two that allow the same it names only the first.

## Practices
`;

/** The page docs/posture.md. */
export function posturePage(): string {
  const head = '| practice | what | why | remedy | needs |\n|---|---|---|---|---|';
  return `${opening}\n${head}\n${Posture.practices().map(row).join('\n')}\n`;
}

const row = ({ id, title, why, remedy, needs }: Practice): string =>
  `| ${[`\`${id}\``, title, why, remedy, needs].map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
