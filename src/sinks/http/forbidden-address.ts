import { isMapped, parseIpv4, parseIpv6 } from '../../core/ip-address.ts';

/** Names under which clouds serve the credentials of a machine. */
const metadataNames = new Set([
  'instance-data',
  'instance-data.ec2.internal',
  'metadata',
  'metadata.azure.internal',
  'metadata.goog',
  'metadata.google.internal',
  'metadata.tencentyun.com',
]);

/** Addresses of such services outside 169.254.0.0/16 and fe80::/10: Alibaba, Oracle, Azure; Amazon and Google over IPv6. */
const metadataAddresses = new Set(
  ['100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254'].map((text) =>
    keyOf((parseIpv4(text) ?? parseIpv6(text))!),
  ),
);

/** The well-known prefix of NAT64 (RFC 6052), 64:ff9b::/96. */
const nat64 = [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

/** Whether a name stands for the metadata service of a cloud. Case and a dot at the end do not matter. */
export function isMetadataName(name: string): boolean {
  return metadataNames.has(name.toLowerCase().replace(/\.$/, ''));
}

/**
 * Whether a sink must never connect to an address: link-local (RFC 3927, RFC 4291 §2.5.6) and the metadata services of clouds, also inside
 * an IPv4-mapped, IPv4-compatible or NAT64 address. What is no address is not refused here: it is a name, to be resolved.
 */
export function isForbiddenAddress(text: string): boolean {
  const address = addressOf(text);
  if (!address) return false;
  if (metadataAddresses.has(keyOf(address))) return true;
  return address.length === 4 ? address[0] === 169 && address[1] === 254 : address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
}

/** Whether an address is of this machine only: 127.0.0.0/8 or ::1. */
export function isLoopbackAddress(text: string): boolean {
  const address = addressOf(text);
  if (!address) return false;
  return address.length === 4 ? address[0] === 127 : address.every((byte, i) => byte === (i === 15 ? 1 : 0));
}

/** Four or sixteen bytes; IPv4 inside IPv6 as the four. Brackets and a zone are left out. */
function addressOf(text: string): Uint8Array | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  const four = parseIpv4(bare);
  if (four) return four;
  const address = bare.includes(':') ? parseIpv6(bare) : undefined;
  if (!address) return undefined;
  const isCompatible = address.subarray(0, 12).every((byte) => byte === 0) && address.subarray(12, 15).some((byte) => byte !== 0);
  return isMapped(address) || isCompatible || nat64.every((byte, i) => address[i] === byte) ? address.subarray(12) : address;
}

function keyOf(address: Uint8Array): string {
  return address.join('.');
}
