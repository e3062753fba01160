// What the command does, apart from telling how it is called.
export { control } from "./control.js";
export { serve } from "./serve.js";
export { token } from "./token.js";
