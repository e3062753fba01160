import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { storeCases } from "../../testing/store-cases.js";
import { fileStore } from "./file-store.js";

describe("a store in a folder", () => {
  for (const { title, run } of storeCases(() => {
    const folder = mkdtempSync(join(tmpdir(), "finger-store-"));
    return { open: () => fileStore(join(folder, "statuses")), remove: () => rmSync(folder, { recursive: true }) };
  })) {
    it(title, run);
  }
});
