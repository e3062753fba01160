import { toText } from "../escape.js";
import type { FingerUser } from "../user.js";
import { countColumns, pad } from "../width.js";
import type { Layout } from "./layout.js";
import { endLine, toField } from "./lines.js";
import { netkit } from "./netkit.js";

/** The status first, then what else is known. */
export const modern: Layout = {
  /** The status, then netkit's lines. A user who is nothing but a status is written as that alone. */
  formatUser(user, settings) {
    const status = user.status === undefined ? "" : endLine(toText(user.status));
    if (isAlone(user)) return status;
    const plans = settings.plans && (user.pgpKey ?? user.project ?? user.plan) !== undefined;
    return `${status}${status && "\n"}${netkit.formatUser(user, { ...settings, plans })}`;
  },

  /** A row for each user: the login, the name if anybody has one, and the first line of the status. */
  formatUserList(users) {
    const hasNames = users.some(({ name }) => name);
    const toRow = (login: string, name: string | undefined, status: string | undefined) =>
      (hasNames ? [login, name, status] : [login, status]).map(toField);
    const rows = users.map(({ login, name, status = "" }) => toRow(login, name, status.trim().split(/[\r\n]/, 1)[0]));
    const header = toRow("Login", "Name", "Status");
    const widths = header.map((title, column) =>
      rows.reduce((most, row) => Math.max(most, countColumns(row[column] as string)), title.length),
    );
    // The last column has nothing behind it to keep apart.
    widths.pop();
    const lines = [header, ...rows].map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, countColumns))
        .join("  ")
        .trimEnd(),
    );
    return `${lines.join("\n")}\n`;
  },
};

/** Tells whether a status is all that is known, so that it stands for itself. */
function isAlone({ login, status, statusAt, ...rest }: FingerUser): boolean {
  return status !== undefined && Object.values(rest).every((field) => field === undefined);
}
