import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repository } from "./peers/support/network.js";

const names = readdirSync(repository(".changeset")).filter((name) => name.endsWith(".md") && name !== "README.md");

it("has changesets that the release can read: which packages change how much, and a text", () => {
  for (const name of names) {
    expect(readFileSync(repository(`.changeset/${name}`), "utf8"), name).toMatch(
      /^---\n("finger-[a-z-]+": (major|minor|patch)\n)+---\n\n[A-Z]/,
    );
  }
});
