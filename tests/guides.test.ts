import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkDescription } from "../packages/finger-server/src/node/config/check.js";
import { parseData } from "../packages/finger-server/src/node/config/formats.js";
import { repository } from "./peers/support/network.js";

/** The configs that a guide shows; what begins with the name of another file is none. */
function configsOf(guide: string): readonly string[] {
  const text = readFileSync(repository(`docs/guides/${guide}`), "utf8");
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  return blocks.filter((block) => !/^# \S+\.ya?ml\n/.test(block));
}

const CONFIGS = readdirSync(repository("docs/guides")).flatMap((guide) =>
  configsOf(guide).map((config, index) => ({ name: `${guide}, config ${index + 1}`, config })),
);

it("finds configs in the guides", () => {
  expect(CONFIGS.map(({ name }) => name)).toContain("daemon.md, config 2");
});

it.each(CONFIGS)("$name has no mistake", async ({ name, config }) => {
  const data = await parseData(config, "yaml", name);
  expect(checkDescription(data, name)).toEqual(data);
});
