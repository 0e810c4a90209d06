/** The words of a command, as the query of an exec names them. */
export const words = (parts: readonly string[]): string => parts.map((part) => `command=${encodeURIComponent(part)}`).join('&');

/** Path of a session with a terminal, as `kubectl exec -it` asks for it. */
export const inTerminal = (pod: string, ...parts: readonly string[]): string =>
  `${pod}/exec?${words(parts)}&container=main&stdin=true&stdout=true&tty=true`;

/** Headers that a session over a web socket begins with; the key is the example of RFC 6455. */
export const webSocket = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': 'v5.channel.k8s.io',
} as const;
