/**
 * Where programs of the machine are looked for, whatever our own environment says. The folders of the system come first, as the
 * tools that give up root are looked for here, too; the last one is NixOS's.
 */
export const SEARCH_PATH: string = [
  ...["/usr/bin", "/bin", "/usr/sbin", "/sbin"],
  ...["/usr/local/bin", "/usr/local/sbin", "/run/current-system/sw/bin"],
].join(":");
