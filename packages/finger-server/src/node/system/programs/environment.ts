/**
 * All that a program finds in its environment, beside what tells who it is. The folders of the system come first, as the
 * tools that give up root are looked for by it, too; the last one is NixOS's.
 */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/run/current-system/sw/bin",
  LANG: "C.UTF-8",
};
