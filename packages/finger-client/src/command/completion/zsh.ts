import type { CompletedOption } from "./option.js";
import { quote } from "./quote.js";

/** The completion for zsh from 5 on, to be sourced, or put into the `fpath` as `_finger-client`. */
export function formatZsh(options: readonly CompletedOption[]): string {
  return `#compdef finger-client
# Completes finger-client in zsh: source <(finger-client --completion zsh), behind compinit
_finger-client() {
  _arguments -s -S : \\
${options
  .flatMap(toSpecs)
  .map((spec) => `    ${quote(spec)} \\\n`)
  .join("")}    '*:target:{_finger-client_target}'
}
_finger-client_target() {
  if compset -P '*@*@'; then _hosts; else _user_at_host -t other-accounts; fi
}
if [[ \${funcstack[1]} == _finger-client ]]; then
  _finger-client "$@"
else
  compdef _finger-client finger-client
fi
`;
}

/** What `_arguments` has to know of an option; of its names only one is offered. */
function toSpecs({ name, short, argument, values, optional, text }: CompletedOption): readonly string[] {
  const names = short ? `--${name} -${short}` : `--${name}`;
  const list = values ? `(${values.map((value) => escapeEach(value, /[^\w.-]/g)).join(" ")})` : " ";
  const behind = argument ? `${optional ? "::" : ":"}${escapeEach(argument, /[\\:]/g)}:${list}` : "";
  const rest = `[${escapeEach(text, /[\\[\]:]/g)}]${behind}`;
  const long = `(${names})--${name}${!argument ? "" : optional ? "=-" : "="}${rest}`;
  return short ? [long, `(${names})-${short}${argument ? "+" : ""}${rest}`] : [long];
}

function escapeEach(text: string, special: RegExp): string {
  return text.replace(special, "\\$&");
}
