#!/usr/bin/env node
require("../dist/command/finger-client.cjs");
