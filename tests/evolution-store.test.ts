import { readFileSync } from "node:fs";
import { fileStore, type StatusStore } from "finger-server";
import { storeCases } from "finger-server/testing";
import { describe, it } from "vitest";
import { repository } from "./peers/support/network.js";
import { freshPath } from "./support/programs.js";

type Journaled = (store: StatusStore, write: (line: string) => void) => StatusStore;

/** The chapter serves as soon as it is imported; this is its function alone. */
function readJournaled(): Journaled {
  const chapter = readFileSync(repository("docs/evolution/21-interfaces.mjs"), "utf8");
  const [source = ""] = /^function journaled\b[\s\S]*?^}/m.exec(chapter) ?? [];
  return new Function(`return (${source});`)();
}

describe("the store of chapter 21", () => {
  const journaled = readJournaled();
  const cases = storeCases(() => {
    const folder = freshPath();
    return { open: () => journaled(fileStore(folder), () => {}) };
  });

  it.each(cases.map(({ title, run }) => [title, run] as const))("%s", (_, run) => run());
});
