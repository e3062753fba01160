#!/usr/bin/env node
require("../dist/bin.cjs").run(require("../package.json").version);
