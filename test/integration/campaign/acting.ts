export type Account = readonly [namespace: string, name: string];

/** One who acts: user, groups and loopback address. */
export interface Acting {
  readonly user: string;
  readonly groups: readonly string[];
  readonly from: string;
  /** Account that gets a real token. */
  readonly account?: Account;
}

export const serviceAccount = (namespace: string, name: string, from: string): Acting => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  from,
});

/** The same with a real token of the API server, bound to the pod of the account. */
export const podAccount = (namespace: string, name: string, from: string): Acting => ({
  ...serviceAccount(namespace, name, from),
  account: [namespace, name],
});

/** The accounts that get a real token. */
export const accountsWithToken = (identities: Readonly<Record<string, Acting>>): readonly Account[] =>
  Object.values(identities).flatMap(({ account }) => (account === undefined ? [] : [account]));

/** Every account among those who act. */
export const accountsOf = (identities: Readonly<Record<string, Acting>>): readonly Account[] =>
  Object.values(identities).flatMap(({ user }) => {
    const [, , namespace, name] = user.split(':');
    return user.startsWith('system:serviceaccount:') && namespace !== undefined && name !== undefined
      ? [[namespace, name] as const]
      : [];
  });
