import { expect, it } from "vitest";
import { toHomePath } from "./home-path.js";

const DIRECTORIES: ReadonlyArray<readonly [directory: string, path: string | undefined, why: string]> = [
  ["/home/alice", "/home/alice", "most are so"],
  ["/home/alice/", "/home/alice", "a slash says nothing more"],
  ["/home/alice/.", "/home/alice", "behind a dot as well"],
  ["//home///alice", "/home/alice", "it is the same"],
  ["/home/ftp/./alice", "/home/ftp/alice", "wu-ftpd changes its root at the dot"],
  ["/home/..alice", "/home/..alice", "it is a name"],
  ["/home/alice/../bob", undefined, "nobody lives there"],
  ["/..", undefined, "nobody lives there"],
  ["", undefined, "many services have none"],
  ["home/alice", undefined, "it depends on where this process is"],
  ["/", undefined, "it is everybody's"],
  ["/.//", undefined, "it is everybody's"],
  ["/nonexistent", undefined, "it is promised never to be there"],
  ["/dev/null", undefined, "it is another way to say so"],
  ["/home/al\0ice", undefined, "no path has one"],
];

it.each(DIRECTORIES)("takes the home %j to be at %j: %s", (directory, path) => {
  expect(toHomePath(directory)).toBe(path);
});
