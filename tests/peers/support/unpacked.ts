import { repository } from "./network.js";

/** The path of a file of a Debian package that scripts/install-peers.sh has unpacked. */
export function unpacked(debianPackage: string, path: string): string {
  return repository(`.cache/peers/${debianPackage}${path}`);
}
