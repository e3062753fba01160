import { formatBash } from "./completion/bash.js";
import { formatFish } from "./completion/fish.js";
import { type CompletedOption, listOptions } from "./completion/option.js";
import { formatZsh } from "./completion/zsh.js";

const FORMATS: Readonly<Record<string, (options: readonly CompletedOption[]) => string>> = {
  bash: formatBash,
  zsh: formatZsh,
  fish: formatFish,
};

/**
 * The script by which a shell completes the command line of finger-client.
 *
 * @param options - Those of the command, unless a test has others.
 * @throws `TypeError` for a shell that has none.
 */
export function formatCompletion(shell: string, options: readonly CompletedOption[] = listOptions()): string {
  const format = Object.hasOwn(FORMATS, shell) ? FORMATS[shell] : undefined;
  if (format) return format(options);
  throw new TypeError(`--completion must be bash, zsh or fish, but is ${JSON.stringify(shell)}`);
}
