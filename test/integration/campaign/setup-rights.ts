import type { Account } from './acting.ts';
import { binding, clusterRole, ownRoleBinding, rbac, role, roleBinding, type Subject } from './objects.ts';
import { make } from './setup-steps.ts';
import type { Step } from './step.ts';

/** Steps that give out rights while the campaigns build their clusters. */
export const newClusterRole = (name: string, rules: readonly object[]): Step =>
  make(`${rbac()}/clusterroles`, clusterRole(name, rules));

export const newRole = (namespace: string, name: string, rules: readonly object[]): Step =>
  make(`${rbac(namespace)}/roles`, role(name, rules));

/** A cluster role, everywhere. */
export const grant = (name: string, clusterRoleName: string, subject: Subject): Step =>
  make(`${rbac()}/clusterrolebindings`, binding(name, clusterRoleName, subject));

/** A cluster role, in one namespace. */
export const grantIn = (namespace: string, name: string, clusterRoleName: string, subject: Subject): Step =>
  make(`${rbac(namespace)}/rolebindings`, roleBinding(name, clusterRoleName, subject));

/** A role of the namespace. */
export const grantRole = (namespace: string, name: string, roleName: string, subject: Subject): Step =>
  make(`${rbac(namespace)}/rolebindings`, ownRoleBinding(name, roleName, subject));

export const administrator = ([namespace, name]: Account): Step =>
  grant(`${namespace}-${name}`, 'cluster-admin', ['ServiceAccount', name, namespace]);
