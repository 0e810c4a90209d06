/** Paths of the API, by namespace where they have one. */
export const core = (namespace: string): string => `/api/v1/namespaces/${namespace}`;
export const apps = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}`;
export const batch = (namespace: string): string => `/apis/batch/v1/namespaces/${namespace}`;
export const network = (namespace: string): string => `/apis/networking.k8s.io/v1/namespaces/${namespace}`;
export const custom = (group: string, version: string, namespace: string): string =>
  `/apis/${group}/${version}/namespaces/${namespace}`;
export const certificates = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
export const reviews = '/apis/authorization.k8s.io/v1';
