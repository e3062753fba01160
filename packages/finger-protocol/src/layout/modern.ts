import { toText } from "../escape.js";
import type { FingerUser } from "../user.js";
import { countColumns, pad } from "../width.js";
import { formatLong } from "./netkit.js";
import { endLine, type FormatSettings, toField } from "./settings.js";

/** The status, then netkit's lines for what else is known. */
export function formatModern(user: FingerUser, settings: FormatSettings, plans: boolean): string {
  const status = formatStatus(user);
  return `${status}${status && "\n"}${formatLong(user, settings, plans && hasPlans(user))}`;
}

export function formatStatus({ status }: FingerUser): string {
  return status === undefined ? "" : endLine(toText(status));
}

/** Tells whether a status is all that is known, so that it stands for itself. */
export function isAlone(user: FingerUser): boolean {
  for (const field in user) {
    if (!STATUS.has(field) && user[field as keyof FingerUser] !== undefined) return false;
  }
  return user.status !== undefined;
}

/** A row for each user: the login, the name if anybody has one, and the first line of the status. */
export function formatModernList(users: readonly FingerUser[]): string {
  const rows = users.map(({ login, name, status = "" }) =>
    [login, name, status.trim().split(/[\r\n]/, 1)[0]].map(toField),
  );
  const hasNames = rows.some(([, name]) => name !== "");
  const table = [["Login", hasNames ? "Name" : "", "Status"], ...rows];
  const widths = [0, 1].map((column) =>
    table.reduce((most, row) => Math.max(most, countColumns(row[column] as string)), 0),
  );
  const lines = table.map(([login = "", name = "", status = ""]) => {
    const cells = [pad(login, widths[0] as number, countColumns), pad(name, widths[1] as number, countColumns), status];
    return cells
      .filter((_, column) => hasNames || column !== 1)
      .join("  ")
      .trimEnd();
  });
  return `${lines.join("\n")}\n`;
}

function hasPlans({ pgpKey, project, plan }: FingerUser): boolean {
  return [pgpKey, project, plan].some((text) => text !== undefined);
}

const STATUS: ReadonlySet<string> = new Set(["login", "status", "statusAt"]);
