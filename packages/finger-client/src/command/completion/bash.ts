import type { CompletedOption } from "./option.js";
import { quote } from "./quote.js";

/**
 * The completion for bash from 3.2 on, the one of macOS, by itself.
 *
 * Its versions differ in where they cut the line into words, so the word is taken from the line. Of that readline replaces
 * what stands behind a `=`, or from an `@` on, and this is `$2`.
 */
export function formatBash(options: readonly CompletedOption[]): string {
  const separate = options.filter(({ argument, optional }) => argument && !optional);
  const free = separate.filter(({ values }) => !values).map(toPattern);
  const listed = separate.map((option) => (option.values ? toArm(toPattern(option), option.values) : ""));
  const joined = options.map(({ name, values = [] }) => {
    const words = values.map((value) => `--${name}=${value}`);
    return words.length > 0 ? toArm(`--${name}=*`, words) : "";
  });
  return `# Completes finger-client in bash: eval "$(finger-client --completion bash)"
_finger_client() {
  local line=\${COMP_LINE:0:COMP_POINT} word option before previous start kind user name
  word=\${line##*[[:space:]]}
  option=$word
  before=\${line%"$word"}
  before=\${before%"\${before##*[![:space:]]}"}
  previous=\${before##*[[:space:]]}
  COMPREPLY=()
  case $word in
    *"$2") start=\${word%"$2"} ;;
    *) return ;; # it stands in quotes
  esac
  case $before in
    *[[:space:]]-- | *[[:space:]]--[[:space:]]*) option= previous= ;;
  esac
  set --
  case $previous in
${free.length > 0 ? `    ${free.join(" | ")}) ;;\n` : ""}${listed.join("")}    *)
      case $option in
${joined.join("").replace(/^/gm, "    ").trimEnd()}
        -*) set -- ${options.flatMap(toFlags).join(" ")} ;;
        *)
          case $word in
            *@*) kind=hostname user=\${word%@*}@ ;;
            *) kind=user user= ;;
          esac
          while IFS= read -r name; do
            if [[ -n $name ]]; then set -- "$@" "$user$name"; fi
          done <<< "$(compgen -A "$kind" -- "\${word##*@}")"
          ;;
      esac
      ;;
  esac
  for name; do
    if [[ $name == "$word"* ]]; then
      printf -v name %q "\${name:\${#start}}"
      COMPREPLY+=("$name")
    fi
  done
}
complete -o bashdefault -F _finger_client finger-client
`;
}

/** The option that the word before is, also as the last of several letters. */
function toPattern({ name, short }: CompletedOption): string {
  return short ? `--${name} | -${short} | -[!-]*${short}` : `--${name}`;
}

function toArm(pattern: string, words: readonly string[]): string {
  return `    ${pattern}) set -- ${words.map(quote).join(" ")} ;;\n`;
}

/** With `--color=` beside it, `--color` gets no space behind it. */
function toFlags({ name, short, optional }: CompletedOption): readonly string[] {
  return [`--${name}`, ...(optional ? [`--${name}=`] : []), ...(short ? [`-${short}`] : [])];
}
