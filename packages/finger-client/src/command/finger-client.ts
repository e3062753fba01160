#!/usr/bin/env node
import { PLAIN } from "./color.js";
import { main } from "./main.js";
import { isTerminal, readInput, write } from "./standard-streams.js";

/** The version of the package, which the build puts here. */
declare const VERSION: string;

/** Nothing has been written yet. */
let isSilent = true;
let stopSpinner = () => {};

const done = main(process.argv.slice(2), {
  env: process.env,
  version: () => VERSION,
  out: (text) => {
    speak();
    write(1, text);
  },
  err: (text) => {
    speak();
    write(2, text);
  },
  isTerminal,
  readInput: (most) => {
    isSilent = false; // who types is shown no spinner
    return readInput(most);
  },
  user: () => process.getBuiltinModule("node:os").userInfo().username,
});

// Most runs are over by then, and nobody interrupts so soon.
setTimeout(attend, 50).unref();

void done.then(leave);

/** Makes ready for who interrupts, or waits. */
function attend(): void {
  process.once("SIGINT", () => {
    speak();
    if (isTerminal("out")) write(1, PLAIN); // the colours of a reply that is not over
    process.exit(128 + 2);
  });
  setTimeout(waitVisibly, 950).unref();
}

/** Who has waited for a second should see that something happens. */
async function waitVisibly(): Promise<void> {
  if (isSilent && isTerminal("err") && process.env["TERM"] !== "dumb") {
    const { startSpinner } = await import("./spinner.js");
    if (isSilent) stopSpinner = startSpinner((text) => write(2, text));
  }
}

/** To take the process apart in good order would be a tenth of its time; but Windows does not write at once. */
function leave(code: number): void {
  speak();
  if (process.platform === "win32") process.exitCode = code;
  else process.exit(code);
}

/** Makes way for what is written. */
function speak(): void {
  isSilent = false;
  stopSpinner();
}
