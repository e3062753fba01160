import type { FingerUser } from "finger-protocol";
import { toKnown } from "../to-known.js";

/** What the field of passwd(5) says that is called after the GE Comprehensive Operating System. */
type Person = Pick<FingerUser, "name" | "office" | "officePhone" | "homePhone">;

/**
 * Reads a GECOS field as netkit's finger does: a star in front is skipped, and each ampersand in the name is the login
 * with a capital. What is empty is not known.
 *
 * @example toPerson("& Liddell,Room 42", "alice") // { name: "Alice Liddell", office: "Room 42", … }
 */
export function toPerson(gecos: string, login: string): Person {
  const [name = "", office = "", officePhone = "", homePhone = ""] = gecos.replace(/^\*/, "").split(",", 4);
  return {
    name: toKnown(expandName(name, login)),
    office: toKnown(office),
    officePhone: toKnown(officePhone),
    homePhone: toKnown(homePhone),
  };
}

/** A name is no longer than anybody's, whatever of ampersands there is. */
function expandName(name: string, login: string): string {
  const capital = login.charAt(0).toUpperCase() + login.slice(1);
  return name
    .slice(0, LONGEST_NAME)
    .replaceAll("&", () => capital)
    .slice(0, LONGEST_NAME);
}

const LONGEST_NAME = 1024;
