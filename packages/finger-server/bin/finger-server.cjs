#!/usr/bin/env node
require("../dist/command/bin.cjs").run(require("../package.json").version);
