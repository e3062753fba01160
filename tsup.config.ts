import { defineConfig } from "tsup";
import { command, library } from "./tsup.preset.js";

export default defineConfig([
  library("finger-protocol"),
  library("finger-client"),
  command("finger-client"),
  library("finger-server", ["index.ts", "web.ts"]),
  command("finger-server"),
]);
