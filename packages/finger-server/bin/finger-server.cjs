#!/usr/bin/env node
// Four threads are too few for disks of which some hang; Node makes them when the first is needed.
process.env.UV_THREADPOOL_SIZE ??= "16";
require("../dist/command/bin.cjs").run(require("../package.json").version);
