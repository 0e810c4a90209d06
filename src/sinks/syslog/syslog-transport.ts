/** How messages travel. */
export interface SyslogTransport {
  /** Connects where there is something to connect. @throws Fault, retryable where the other side is away */
  open(signal: AbortSignal): Promise<void>;
  /** Proves, sending nothing, that the other side is there, as far as that can be known. @throws Fault */
  check(signal: AbortSignal): Promise<void>;
  /** Resolves once all messages are handed to the system. @throws Fault; then it is not known which of them arrived */
  send(messages: readonly Uint8Array[], signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
