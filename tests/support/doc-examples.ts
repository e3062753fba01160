import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as http from "finger-adapters-http";
import * as irc from "finger-adapters-irc";
import * as client from "finger-client";
import * as protocol from "finger-protocol";
import * as server from "finger-server";

/** One example of the documentation. */
export interface DocExample {
  /** Where it stands: the file and its number in there. */
  readonly name: string;
  /** The module that it is, with the imports that a reader takes for granted. */
  readonly code: string;
  /** What is marked `ts no-run`, or asks hosts under `.example`, which are nobody's (RFC 2606), is only compiled. */
  readonly runs: boolean;
}

const PAGE_BLOCK = /^```ts( no-run)?\n([\s\S]*?)^```/gm;
const SOURCE_BLOCK = / \* ```ts( no-run)?\n([\s\S]*?) \* ```/g;

/** The `ts` blocks of every tracked page, and the `@example` blocks of every source. */
export function collectExamples(root: string): DocExample[] {
  const tracked = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "*.md", "packages/*.ts"],
    { cwd: root, encoding: "utf8" },
  );
  return tracked
    .trim()
    .split("\n")
    .filter((file) => !file.endsWith(".test.ts"))
    .flatMap((file) => {
      const isSource = file.endsWith(".ts");
      const text = readFileSync(`${root}/${file}`, "utf8");
      const blocks = [...text.matchAll(isSource ? SOURCE_BLOCK : PAGE_BLOCK)];
      return blocks.map(([, mark, block = ""], index) => {
        const body = isSource ? block.replace(/^ \* ?/gm, "") : block;
        return {
          name: `${file}, example ${index + 1}`,
          code: `${isSource ? impliedImports(body) : ""}${body}`,
          runs: mark === undefined && !/\.example"/.test(body),
        };
      });
    });
}

const PACKAGES = {
  "finger-protocol": protocol,
  "finger-client": client,
  "finger-server": server,
  "finger-adapters-http": http,
  "finger-adapters-irc": irc,
};

/** Of names that several packages export, the first has them, unless the example says otherwise. */
function impliedImports(body: string): string {
  const seen = new Set([...body.matchAll(/^import \{ (.*?) \}/gm)].flatMap(([, names = ""]) => names.split(", ")));
  return Object.entries(PACKAGES)
    .map(([name, module]) => {
      const used = Object.keys(module).filter((exported) => {
        const isNew = !seen.has(exported);
        seen.add(exported);
        return isNew && new RegExp(`\\b${exported}\\b`).test(body);
      });
      return used.length === 0 ? "" : `import { ${used.join(", ")} } from "${name}";\n`;
    })
    .join("");
}

/**
 * Turns what an example claims into assertions: the line `expression; // value`, or the value in a comment on the line
 * below. Comments that are no value stay comments.
 */
export function toTest(code: string): string {
  const joined = code.replace(/;\n\/\/ (?=[{["])/g, "; // ");
  const lines = joined.split("\n").map((line) => {
    const [, expression = "", comment = ""] = /^(?!const |let |import )(\S.*?);? *\/\/ (.*)$/.exec(line) ?? [];
    const bytes = /^the bytes of (".*")$/.exec(comment)?.[1];
    if (bytes !== undefined) return `expect(Buffer.from(${expression}).toString()).toBe(${bytes});`;
    const value = /^undefined\b/.test(comment) ? "undefined" : comment;
    return expression !== "" && isValue(value) ? `expect(${expression}).toEqual(${value});` : line;
  });
  return `import { expect } from "vitest";\n${lines.join("\n")}`;
}

/** What begins like an object, a list or a string is a claim even if it cannot be read: then its test fails. */
function isValue(text: string): boolean {
  if (/^[{["]/.test(text)) return true;
  if (!/^([\d-]|undefined$|true$|false$|null$)/.test(text)) return false;
  try {
    new Function(`return (${text});`);
    return true;
  } catch {
    return false;
  }
}
