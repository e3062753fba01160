import { OPTIONS, type OptionName } from "../command-line.js";
import { OPTION_HELP, type OptionHelp } from "../help.js";

/** An option as a shell completes it. */
export interface CompletedOption extends OptionHelp {
  readonly name: string;
  readonly short?: string | undefined;
}

/** The options of the command, in the order of its help. */
export function listOptions(): readonly CompletedOption[] {
  return Object.entries(OPTION_HELP).map(([name, help]) => {
    const option: { readonly type: string; readonly short?: string } = OPTIONS[name as OptionName];
    return { ...help, name, short: option.short };
  });
}
