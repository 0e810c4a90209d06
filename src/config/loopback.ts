/** The host of `address:port`; an IPv6 address stands in brackets. */
export const hostOf = (listen: string): string => listen.slice(0, listen.lastIndexOf(':'));

/** Names and addresses of this machine that nobody else reaches. */
export const isLoopbackHost = (host: string): boolean => /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/.test(host);

/** Whether only this machine can connect to `address:port`. */
export function isLoopback(listen: string): boolean {
  return isLoopbackHost(hostOf(listen));
}

/** Whether the port of `address:port` is one; what has none is told so elsewhere. */
export function hasPort(listen: string): boolean {
  return !(Number(listen.slice(listen.lastIndexOf(':') + 1)) > 65535);
}

export const noPort = 'must have a port from 0 to 65535';
