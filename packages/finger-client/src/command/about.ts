// What the command says of itself.

export { formatCompletion } from "./completion.js";
export { formatHelp } from "./help.js";
