import { defineConfig } from "tsup";
import { command, front, library } from "./tsup.preset.js";

export default defineConfig([
  library("finger-protocol", ["index.ts", "layout/freebsd.ts"]),
  library("finger-client", ["index.ts", "web.ts", "testing/index.ts"]),
  command("finger-client", "command/finger-client.ts", [
    "command/about.ts",
    "command/ascii.ts",
    "command/command-line.ts",
    "command/help.ts",
    "command/print-all.ts",
    "command/print-json.ts",
    "command/set.ts",
    "command/spinner.ts",
    "command/watch.ts",
    "node/stream.ts",
    "way.ts",
  ]),
  library("finger-server", [
    "index.ts",
    "web.ts",
    "redis/index.ts",
    "testing/index.ts",
    "node/command/help.ts",
    "node/command/parts.ts",
  ]),
  front("finger-server", "node/bin.ts"),
  library("adapters-http", ["index.ts", "web.ts"]),
  library("adapters-irc"),
]);
