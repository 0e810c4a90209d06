import { admission, webhookConfiguration } from './objects.ts';
import { make } from './setup-steps.ts';
import type { Step } from './step.ts';

/** What no request is about. */
const nothing = { apiGroups: ['nothing.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] };

/** A policy of admission that all passes. */
export const policy = (name: string, matched: object = nothing): Step =>
  make(`${admission}/validatingadmissionpolicies`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: { matchConstraints: { resourceRules: [matched] }, validations: [{ expression: 'true' }] },
  });

export const policyBinding = (name: string): Step =>
  make(`${admission}/validatingadmissionpolicybindings`, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Audit'] },
  });

/** A webhook that nothing is sent to. */
export const hook = (kind: 'Mutating' | 'Validating', name: string): Step =>
  make(
    `${admission}/${kind.toLowerCase()}webhookconfigurations`,
    webhookConfiguration(kind, name, {
      name: `${name}.example.com`,
      failurePolicy: 'Fail',
      clientConfig: { url: 'https://127.0.0.1:9/hook' },
      rules: [nothing],
    }),
  );
