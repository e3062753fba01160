import { sanitize } from "finger-protocol";
import type { CommandIO } from "./io.js";

/**
 * Says that a reply looks like a script when it may be piped into a shell: the malware that came by finger since 2020 was
 * run that way. Returns whether it does.
 */
export function warnOfScript(text: string, target: string, { isTerminal, err }: CommandIO): boolean {
  if (!looksLikeScript(text)) return false;
  if (isTerminal("out")) return true;
  err(`finger-client: the reply of ${sanitize(target)} looks like a script; read it before you run it.\n`);
  return true;
}

/** {@link warnOfScript} for a reply that comes in pieces, of which the start is looked at. */
export function watchForScript(target: string, io: CommandIO): (text: string) => void {
  let start = "";
  let isSeen = false;
  return (text) => {
    if (isSeen || start.length >= START) return;
    start = (start + text.slice(0, START)).trimStart();
    isSeen = warnOfScript(start, target, io);
  };
}

/** Tells whether a text is something that a shell, or what it calls, would obey. */
export function looksLikeScript(text: string): boolean {
  const plain = text.toLowerCase().replaceAll("\t", " ").trimStart();
  return (
    OPENINGS.some((opening) => plain.startsWith(opening)) ||
    SIGNS.some((sign) => plain.includes(sign)) ||
    PIPE.test(plain)
  );
}

/** How scripts begin. */
const OPENINGS = [
  "#!",
  "\u00ef\u00bb\u00bf#!",
  "@echo off",
  "echo off",
  "<?php",
  "<script",
  "import os",
  "import subprocess",
];

/** What scripts, and one-liners that fetch them, have and plans seldom do. */
const SIGNS = [
  ...["| sudo ", "|sudo ", "bash -c ", "sh -c ", "bash -i"],
  ...["$(curl", "$(wget", "<(curl", "<(wget", "`curl", "`wget", 'eval "$', "eval $(", "base64 -d", "base64 --d"],
  ...["/dev/tcp/", "rm -rf ", "rm -fr ", "chmod +x", "chmod 755 ", "nc -e ", "python -c ", "python3 -c ", "perl -e "],
  ...["powershell", "pwsh -", "cmd /c", "cmd /k", "cmd.exe", "mshta ", "rundll32", "regsvr32", "certutil", "bitsadmin"],
  ...[
    "invoke-expression",
    "invoke-webrequest",
    "iex ",
    "iex(",
    "downloadstring",
    "frombase64string",
    "wscript.",
    "cscript ",
  ],
];

/** Into what obeys; words that begin so, and the columns of a table, stand behind a pipe, too. */
const PIPE = /\| ?(?:\/[\w/]*\/)?(?:(?:(?:ba|z|da|k)?sh|iex)(?= *(?:$|[;&)"'`>])| -)|(?:python3?|perl) -)/m;

/** So much of a reply is looked at, in characters. */
const START = 4096;
