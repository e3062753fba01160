import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { describePeer } from "./peer.js";

const CHROMIUM = "/usr/bin/chromium";

/** Tests that need Chromium. */
export function describeChromium(tests: () => void): void {
  describePeer("Chromium", existsSync(CHROMIUM), "apt-get install chromium", tests);
}

/** Starts a Chromium that shows nothing, as root if need be, and without a word to hosts outside. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
