/** Levels of audit events, as Kubernetes names them. */
export const levels = ['Metadata', 'Request', 'RequestResponse'] as const;
export type Level = (typeof levels)[number];
