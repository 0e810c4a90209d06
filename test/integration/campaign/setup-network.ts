import { endpointSlice, networkPolicy, service, tlsIngress } from './objects.ts';
import { core, network } from './places.ts';
import { make } from './setup-steps.ts';
import type { Step } from './step.ts';

export const serviceIn = (namespace: string, name: string, spec: object = {}): Step =>
  make(`${core(namespace)}/services`, service(name, spec));

export const ingressIn = (namespace: string, name: string, secretName: string, serviceName: string): Step =>
  make(`${network(namespace)}/ingresses`, tlsIngress(name, secretName, serviceName));

export const networkPolicyIn = (namespace: string, name: string): Step =>
  make(`${network(namespace)}/networkpolicies`, networkPolicy(name));

export const endpointSliceIn = (namespace: string, name: string, serviceName: string, address: string): Step =>
  make(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, endpointSlice(name, serviceName, address));
