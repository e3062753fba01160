import type { CompletedOption } from "./option.js";

/** The completion for fish from 3 on. */
export function formatFish(options: readonly CompletedOption[]): string {
  return `# Completes finger-client in fish: finger-client --completion fish | source
function __finger_client_targets
    set -l user (commandline -ct | string match -r '.*@')
    if test -z "$user"
        functions -q __fish_complete_users; and __fish_complete_users
    else if functions -q __fish_print_hostnames
        for host in (__fish_print_hostnames)
            echo $user$host
        end
    end
end
complete -c finger-client -f -a '(__finger_client_targets)'
${options.map(toLine).join("")}`;
}

function toLine({ name, short, argument, values, optional, text }: CompletedOption): string {
  const flags = `${short ? ` -s ${short}` : ""} -l ${name}${argument && !optional ? " -x" : ""}`;
  // The list is read once more when it is used.
  const list = values ? ` -a ${quote(values.map(quote).join(" "))}` : "";
  return `complete -c finger-client${flags}${list} -d ${quote(text)}\n`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
