import type { core } from "zod/mini";
import { nearest } from "../../users/nearest.js";
import { joinPath } from "../../users/record-fields.js";

/** What is wrong at a path of a value. */
export interface Fault {
  readonly path: ReadonlyArray<string | number>;
  readonly why: string;
  /** For a key that there is not: the one in its place that is likely meant. */
  readonly meant?: string | undefined;
}

type Issue = core.$ZodIssue;

/** What zod found, one fault for each place: of what may be one thing or another, what is wrong with the one that is meant. */
export function toFaults(issues: readonly Issue[]): readonly Fault[] {
  const found = issues.flatMap(toPlain).flatMap(toFault);
  const meant = new Set(found.flatMap(({ path, meant }) => (meant ? [formatPath([...path.slice(0, -1), meant])] : [])));
  const seen = new Set<string>();
  return found.filter(({ path, isMissing }) => {
    const at = formatPath(path);
    // What is only misspelt is not missing.
    if (seen.has(at) || (isMissing && meant.has(at))) return false;
    seen.add(at);
    return true;
  });
}

/** A path as it is shown, such as `setter.listen[1].tls.key`. */
export function formatPath(path: ReadonlyArray<string | number>): string {
  return path.reduce<string>(
    (shown, step) => (typeof step === "number" ? `${shown}[${step}]` : joinPath(shown, step)),
    "",
  );
}

interface Found extends Fault {
  readonly isMissing?: boolean | undefined;
}

/** An issue that is no union's: the issues of the branch that is meant, or that none of them is. */
function toPlain(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  const branches = issue.errors.map((branch) => branch.flatMap(toPlain));
  const fitting = branches.filter((branch) => !branch.some(isOtherKind));
  const [meant] = fitting.sort((one, other) => count(one) - count(other));
  if (meant === undefined) return [{ ...issue, errors: [] }];
  return meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** Whether a branch is of another kind altogether: a list where there is a text. */
function isOtherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value" || code === "invalid_union");
}

function count(branch: readonly Issue[]): number {
  return toFaults(branch).length;
}

function toFault(issue: Issue): readonly Found[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code !== "unrecognized_keys") return [{ path, why: issue.message, isMissing: issue.input === undefined }];
  const names = issue.message.split(" ");
  return issue.keys.map((key) => toUnknown([...path, key], key, names));
}

function toUnknown(path: Fault["path"], key: string, names: readonly string[]): Fault {
  const meant = findMeant(key, names);
  const own = names.filter((name) => !name.includes("."));
  const remedy =
    meant === undefined
      ? `there ${own.length === 1 ? "is" : "are"} ${own.join(", ")}`
      : `did you mean ${JSON.stringify(meant)}?`;
  return { path, why: `there is no such key; ${remedy}`, meant };
}

/** A key of the same record that is spelt alike; the same key of another record; or what the command has as an option. */
function findMeant(key: string, names: readonly string[]): string | undefined {
  const plain = key.replace(/^--/, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (names.includes(plain)) return plain;
  const isPlace = plain === "port" || plain === "host";
  return (
    names.find((name) => name.endsWith(`.${plain}`)) ??
    names.find((name) => isPlace && (name === "listen" || name === "address")) ??
    nearest(
      plain,
      names.filter((name) => !name.includes(".")),
    )
  );
}
