#!/usr/bin/env node
// Four threads are too few where disks hang. Node makes them when the first is needed, which its own options may do before.
if (process.execArgv.length === 0 && !process.env.NODE_OPTIONS) process.env.UV_THREADPOOL_SIZE ??= "16";
require("../dist/command/bin.cjs").run(require("../package.json").version);
