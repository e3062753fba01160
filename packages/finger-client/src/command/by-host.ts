import { parseTarget } from "finger-protocol";

/** Does something for all targets: at once for those of different hosts, one after the other for those of one host. */
export async function eachByHost<T extends { readonly target: string }>(
  all: readonly T[],
  act: (one: T) => Promise<void>,
): Promise<void> {
  const groups = groupByHost(all).values();
  const work = async () => {
    for (const group of groups) {
      for (const one of group) await act(one);
    }
  };
  await Promise.all(Array.from({ length: MOST_HOSTS }, work));
}

function groupByHost<T extends { readonly target: string }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const host = toHost(one.target);
    const group = groups.get(host);
    if (group === undefined) groups.set(host, [one]);
    else group.push(one);
  }
  return groups;
}

function toHost(target: string): string {
  try {
    return parseTarget(target).host?.toLowerCase() ?? "localhost";
  } catch {
    return ""; // the lookup says what is wrong
  }
}

/** So many hosts are asked at once. */
const MOST_HOSTS = 16;
