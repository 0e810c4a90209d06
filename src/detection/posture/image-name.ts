/** Parts of an image reference (grammar of the distribution project: `[registry/]path[:tag][@digest]`). */
export interface ImageName {
  /** Registry and path, without tag and digest. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Colons of a mask are no part of the reference. */
const masks = /\[MASKED:[^\]]*\]/g;

export function imageName(reference: string): ImageName {
  const [named = '', digest] = reference.replace(masks, 'masked').split('@', 2);
  // A colon before the last slash is a port.
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return {
    repository: colon < 0 ? named : named.slice(0, colon),
    tag: colon < 0 ? undefined : named.slice(colon + 1),
    digest,
  };
}

/** Whether the same reference may stand for another image tomorrow without anybody saying so. */
export function isUnversioned({ tag, digest }: ImageName): boolean {
  return digest === undefined && (tag === undefined || tag === 'latest');
}

/** Whole distributions of an operating system. */
const systems =
  /^(ubuntu|debian|centos|fedora|almalinux|rockylinux|rocky|oraclelinux|amazonlinux|opensuse|leap|tumbleweed|archlinux|ubi|kali-rolling|kalilinux|parrot|photon|mageia|gentoo)$/;
/** Images of languages whose tags come on a whole distribution unless they say otherwise. */
const languages =
  /^(python|node|ruby|golang|openjdk|eclipse-temurin|php|perl|rust|gcc|buildpack-deps|erlang|elixir|swift|haskell|julia|r-base|maven|gradle)$/;
const small = /slim|alpine|distroless|scratch|minimal|micro|static|nano|busybox|chainguard|wolfi|jre-?headless/;

/** Whether an image, by its name, holds a whole operating system with a shell and package manager. */
export function isWholeSystem({ repository, tag }: ImageName): boolean {
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  if (small.test(repository) || small.test(tag ?? '')) return false;
  return systems.test(last) || languages.test(last);
}

/** Images made for looking into networks, pods and nodes, by the last part of their name. */
const debugTools =
  /^(netshoot|debug|debugger|debug-tools|dnsutils|jessie-dnsutils|network-multitool|multitool|toolbox|swiss-army-knife|curl|nettools|net-tools|tcpdump|nmap|ksniff|kubectl-debug)$/;

export function isDebugImage({ repository, tag }: ImageName): boolean {
  return debugTools.test(repository.slice(repository.lastIndexOf('/') + 1)) || /^debug(-|$)|-debug$/.test(tag ?? '');
}
