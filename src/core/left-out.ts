/**
 * What is left out on the way from an input to its events, because its sender says that it is no audit event, or because
 * only text stands there: never an event, and always counted.
 */
export const leftOutReasons = [
  /** Text on the standard error of a container. */
  'standard-error',
  /** A record of Azure Monitor of another category than the audit log. */
  'other-category',
  /** A message of another log stream of CloudWatch. */
  'other-log-stream',
  /** CloudWatch saying that it can reach us. */
  'control-message',
  /** Text before an event on its line, such as the name of a node; the event itself is taken. */
  'text-before-event',
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** Told of each part that is left out. */
export type LeftOut = (reason: LeftOutReason) => void;
