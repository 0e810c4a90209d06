import type { Account } from './acting.ts';
import { runsIn } from './setup-pods.ts';
import { account, node } from './setup-steps.ts';
import type { Step } from './step.ts';

interface Ground {
  readonly namespaces: readonly Step[];
  /** Namespaces that have an account of the name default. */
  readonly withDefault: readonly string[];
  readonly accounts: readonly Account[];
  /** The pods of accounts run on the first. */
  readonly nodes: readonly [string, ...string[]];
  readonly rights: readonly Step[];
  /** Accounts that have a pod. */
  readonly running: readonly Account[];
}

/** What has to be there before workloads: each part needs those before it. */
export const foundation = ({ namespaces, withDefault, accounts, nodes, rights, running }: Ground): readonly Step[] => [
  ...namespaces,
  ...withDefault.map((name) => account([name, 'default'])),
  ...accounts.map(account),
  ...nodes.flatMap(node),
  ...rights,
  ...running.map(runsIn(nodes[0])),
];
